import { formatCount } from '#shared/lib';

const WIDTH = 120;
const HEIGHT = 20;

interface Props {
  readonly counts: readonly number[];
  readonly label: string;
  readonly tall?: boolean;
}

/** Equal-width counts. Any that is not zero is at least a pixel high. */
export function Histogram({ counts, label, tall = false }: Props) {
  const most = Math.max(1, ...counts);
  const height = tall ? HEIGHT * 3 : HEIGHT;
  const step = WIDTH / counts.length;
  return (
    <svg
      className={tall ? 'histogram histogram-tall' : 'histogram'}
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line x1="0" y1={height - 0.5} x2={WIDTH} y2={height - 0.5} className="histogram-base" />
      {counts.map((count, index) => {
        const bar = count === 0 ? 0 : Math.max(1, (count / most) * height);
        return (
          <rect
            // A bin is its place.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            x={index * step + 0.5}
            y={height - bar}
            width={Math.max(0.5, step - 1)}
            height={bar}
          >
            <title>{formatCount(count)}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** By the root, so that a value in a tenth of the rows is still seen beside one in all of them. */
const heightOf = (count: number, rows: number): number => Math.sqrt(count / rows) * HEIGHT;

type Top = readonly { readonly value: string; readonly count: number }[];

/** For columns without a scale: how much of them their most common values make up. */
export function TopBars({ top, rows }: { readonly top: Top; readonly rows: number }) {
  const [first] = top;
  if (first === undefined || rows === 0) return <span className="dim">–</span>;
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Most common: ${first.value}, ${formatCount(first.count)} rows`}
    >
      <line x1="0" y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} className="histogram-base" />
      {top.slice(0, 8).map(({ value, count }, index) => (
        <rect
          key={value}
          className="histogram-top"
          x={index * 15 + 0.5}
          width={14}
          y={HEIGHT - Math.max(1, heightOf(count, rows))}
          height={Math.max(1, heightOf(count, rows))}
        >
          <title>{`${value}: ${formatCount(count)}`}</title>
        </rect>
      ))}
    </svg>
  );
}
