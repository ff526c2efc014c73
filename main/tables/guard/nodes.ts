import { sluiceError } from '#shared/errors';

/** A node of the tree that DuckDB's own parser made, as JSON. */
export interface Node {
  readonly [key: string]: unknown;
}

export function said(value: unknown): string {
  return String(value).slice(0, 100);
}

export function present(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

export function asNode(value: unknown): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw sluiceError('SQL_NOT_ALLOWED', { what: 'a form that is not known here', where: '' });
  return value as Node;
}

export function asList(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(asNode) : [];
}

/** The whole number that a node is, or null. */
export function wholeNumber(node: Node): number | null {
  if (node['class'] === 'FUNCTION' && node['function_name'] === '-') {
    const [only, other] = asList(node['children']);
    const value = only === undefined || other !== undefined ? null : wholeNumber(only);
    return value === null ? null : -value;
  }
  if (node['class'] !== 'CONSTANT') return null;
  const { value } = asNode(node['value']);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}
