import { Button, Progress } from '@mantine/core';
import { type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { isPlainView, type TablePreview, type TableView } from '#shared/domain';
import { canonicalJson, formatCount } from '#shared/lib';
import { Empty, ErrorNote } from '#renderer/components';
import { addStep, stepsForColumn } from '#renderer/features/process';
import { goSession, route } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { copyCells } from './copy-cells.ts';
import { FilterForm } from './filter-form.tsx';
import { DataGrid, type GridHandle, type HeadActions, usualWidths } from './grid/index.ts';
import { RowSource, type ShownCell } from './row-source.ts';
import { SearchBar } from './search-bar.tsx';
import { type Loading } from './use-loading.ts';
import { ViewChips } from './view-chips.tsx';

export interface ChosenCell {
  readonly index: number;
  readonly position: number | undefined;
  readonly cell: ShownCell | undefined;
}

interface Props {
  readonly transferId: string;
  readonly table: TablePreview;
  /** Changes with what the rows are. */
  readonly revision: string;
  /** A way of reading that is only tried: its first rows are all there are. */
  readonly isTrial: boolean;
  readonly loading: Loading;
  readonly onLoad: () => void;
  readonly onStop: () => void;
  readonly view: TableView;
  readonly onView: (view: TableView) => void;
  /** The column whose details are open. */
  readonly column: string | null;
  readonly onColumn: (name: string | null) => void;
  readonly onCell: (cell: ChosenCell) => void;
  readonly onEscape: () => void;
  readonly grid: RefObject<GridHandle | null>;
}

type Filtering = { readonly index: number; readonly at: number | null };

/** All rows of a file, in any order: the grid, the search, and what is not as in the file. */
export function RowsView(props: Props) {
  const { transferId, table, revision, isTrial, loading, view, onView, column, onColumn, grid } = props;
  const { client } = useWorkbench();
  const { columns, rows: first, name } = table;
  const search = useRef<HTMLInputElement>(null);
  const [sought, setSought] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [byHand, setByHand] = useState<ReadonlyMap<number, number>>(new Map());
  const [filtering, setFiltering] = useState<Filtering | null>(null);

  const usual = useMemo(() => usualWidths(columns, first), [columns, first]);
  const widths = useMemo(() => usual.map((width, index) => byHand.get(index) ?? width), [usual, byHand]);
  const shown = useMemo(
    () => columns.map((_, index) => index).filter((index) => !hidden.has(index)),
    [columns, hidden],
  );

  const isLive = !isTrial && loading.kind === 'loading';
  const viewKey = canonicalJson(view);
  const source = useMemo(
    () => new RowSource(isLive ? client : null, transferId, view, columns.length, first),
    // The view is what its key says; a revision has other rows.
    // oxlint-disable-next-line react/exhaustive-deps
    [client, isLive, transferId, viewKey, revision, columns.length, first],
  );
  useEffect(() => () => source.close(), [source]);
  const there = loading.kind === 'loading' ? loading.frame.rows : 0;
  useEffect(() => {
    if (isLive && isPlainView(view)) source.reaches(there);
  }, [source, isLive, view, there]);
  useSyncExternalStore(source.subscribe, source.version);

  const actions: HeadActions = {
    onSort: (index, descending, add) => {
      const others = view.sort.filter((key) => key.column !== index);
      const key = descending === null ? [] : [{ column: index, descending }];
      onView({ ...view, sort: add ? [...others, ...key] : key });
    },
    onFilter: (index) => setFiltering({ index, at: null }),
    onHide: (index) => setHidden((now) => new Set(now).add(index)),
    onWidth: (index, width) => setByHand((now) => new Map(now).set(index, width)),
    onFit: () => undefined, // the grid knows what is in sight
    onAbout: (index) => onColumn(columns[index]?.name ?? null),
    steps: (index) => {
      const of = columns[index];
      return of === undefined || isTrial
        ? []
        : stepsForColumn(of).map(({ title, step }) => ({
            title,
            onAdd: () => {
              addStep(transferId, step);
              const here = route.get();
              if (here.kind === 'session') goSession(here.id, 'process');
            },
          }));
    },
  };
  const chosen = column === null ? null : columns.findIndex((one) => one.name === column);
  const filtered = filtering === null ? undefined : columns[filtering.index];
  const within = useMemo(
    (): TableView => ({
      sort: [],
      filters: view.filters.filter(
        (filter, at) => at !== filtering?.at && filter.column !== filtering?.index,
      ),
    }),
    [view, filtering],
  );
  const isWorking = isLive && !isPlainView(view) && !source.isKnown && source.failure === null;

  return (
    // Finding is the same key everywhere beside the grid.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="rows-view"
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || isTrial) return;
        event.preventDefault();
        search.current?.select();
      }}
    >
      {!isTrial && (
        <div className="rows-tools">
          <ViewChips
            view={view}
            columns={columns}
            hidden={hidden}
            onView={onView}
            onEdit={(at) => {
              const filter = view.filters[at];
              if (filter !== undefined) setFiltering({ index: filter.column, at });
            }}
            onShowAll={() => setHidden(new Set())}
          />
          <span className="toolbar-gap" />
          <SearchBar
            ref={search}
            transferId={transferId}
            view={view}
            revision={revision}
            text={sought}
            onText={setSought}
            onFound={(offset, index) => {
              setHidden((now) => (now.has(index) ? new Set([...now].filter((one) => one !== index)) : now));
              grid.current?.goTo(offset, index);
            }}
            onLeave={() => grid.current?.focus()}
          />
        </div>
      )}
      {source.failure !== null && (
        <div className="panel-note">
          <ErrorNote report={source.failure} onRetry={() => source.retry()} />
        </div>
      )}
      {source.isKnown && source.total === 0 && !isPlainView(view) ? (
        <Empty
          title="No row is like that"
          actions={
            <Button variant="default" onClick={() => onView({ ...view, filters: [] })}>
              Take the filters away
            </Button>
          }
        >
          {formatCount(there)} rows were looked at.
        </Empty>
      ) : (
        <DataGrid
          ref={grid}
          label={`Rows of ${name}`}
          columns={columns}
          shown={shown}
          widths={widths}
          source={source}
          view={view}
          sought={sought.toLowerCase()}
          chosen={chosen}
          actions={actions}
          bare={isTrial}
          onCell={(row, index) =>
            props.onCell({ index, position: source.position(row), cell: source.cell(row, index) })
          }
          onEscape={props.onEscape}
          onSearch={() => search.current?.select()}
          onCopy={(area, indexes) => void copyCells(client, { transferId, view }, source, area, indexes)}
        />
      )}
      {!isTrial && (
        <Foot
          loading={loading}
          view={view}
          total={source.total}
          isWorking={isWorking}
          onLoad={props.onLoad}
          onStop={props.onStop}
          onPlain={() => onView({ sort: [], filters: [] })}
        />
      )}
      {filtering !== null && filtered !== undefined && (
        <FilterForm
          transferId={transferId}
          revision={revision}
          index={filtering.index}
          column={filtered}
          filter={filtering.at === null ? null : (view.filters[filtering.at] ?? null)}
          within={within}
          onClose={() => setFiltering(null)}
          onApply={(filter) => {
            const filters =
              filtering.at === null ? [...view.filters, filter] : view.filters.with(filtering.at, filter);
            onView({ ...view, filters });
            setFiltering(null);
          }}
        />
      )}
    </div>
  );
}

interface FootProps {
  readonly loading: Loading;
  readonly view: TableView;
  readonly total: number;
  readonly isWorking: boolean;
  readonly onLoad: () => void;
  readonly onStop: () => void;
  readonly onPlain: () => void;
}

/** How many rows there are, and how far they are. */
function Foot({ loading, view, total, isWorking, onLoad, onStop, onPlain }: FootProps) {
  if (loading.kind === 'failed') {
    return (
      <div className="rows-foot">
        <ErrorNote report={loading.report} onRetry={onLoad} />
      </div>
    );
  }
  if (loading.kind === 'stopped') {
    return (
      <div className="rows-foot">
        <span className="dim">Only the first rows are shown.</span>
        <Button variant="subtle" size="compact-xs" onClick={onLoad}>
          Load all rows
        </Button>
      </div>
    );
  }
  const { rows, ready, fraction } = loading.frame;
  if (!ready) {
    const percent = fraction === null ? null : Math.round(fraction * 100);
    return (
      <div className="rows-foot">
        <span>
          {rows === 0
            ? 'Reading the file'
            : `The first ${formatCount(rows)} rows are here; reading the others`}
        </span>
        <Progress
          className="rows-progress"
          size="sm"
          value={percent ?? 0}
          aria-label="Rows that were read"
          animated={percent === null}
        />
        <span className="dim number">{percent === null ? '' : `${percent} %`}</span>
        <Button variant="subtle" size="compact-xs" onClick={onStop}>
          Stop
        </Button>
      </div>
    );
  }
  if (isWorking) {
    return (
      <div className="rows-foot">
        <span>Going through {formatCount(rows)} rows…</span>
        <Button variant="subtle" size="compact-xs" onClick={onPlain}>
          Stop
        </Button>
      </div>
    );
  }
  return (
    <div className="rows-foot" role="status">
      {isPlainView(view) || total === rows
        ? `${formatCount(rows)} rows`
        : `${formatCount(total)} of ${formatCount(rows)} rows`}
    </div>
  );
}
