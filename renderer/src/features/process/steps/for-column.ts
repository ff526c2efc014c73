import type { Column } from '#shared/domain';
import type { StepDraft } from '../draft/index.ts';

/** A step that somebody who looks at a column may want, as far as the column tells it. */
export interface ColumnStep {
  readonly title: string;
  readonly step: StepDraft;
}

/** @returns the steps offered where a column is looked at; none for a column without a name */
export function stepsForColumn({ name, type }: Column): readonly ColumnStep[] {
  if (name === '') return [];
  const columns = [name];
  const numeric = type.kind === 'integer' || type.kind === 'decimal';
  return [
    {
      title: 'Keep rows where…',
      step: { kind: 'filter', where: { all: [{ column: name, is: 'equal', value: '' }] } },
    },
    { title: 'Rename…', step: { kind: 'rename-columns', names: [{ from: name, to: '' }] } },
    {
      title: 'Fill what is missing…',
      step: {
        kind: 'fill-missing',
        columns,
        with: numeric ? { kind: 'median' } : { kind: 'mode' },
        fit: 'all',
      },
    },
    ...(type.kind === 'text'
      ? [
          {
            title: 'Find and replace…',
            step: {
              kind: 'replace-text' as const,
              columns,
              match: 'text',
              find: '',
              with: '',
              ignoreCase: false,
            },
          },
        ]
      : [{ title: 'Make it text', step: { kind: 'to-text' as const, columns } }]),
    { title: 'Leave it out', step: { kind: 'drop-columns', columns } },
  ];
}
