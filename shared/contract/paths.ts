import { isContractProcedure } from '@orpc/contract';

/**
 * @param router a contract, or a router that implements one
 * @returns the dotted paths of its procedures, sorted, e.g. `transfers.add`
 */
export function procedurePaths(router: unknown): readonly string[] {
  const paths: string[] = [];
  walk(router, [], paths);
  return paths.sort();
}

function walk(node: unknown, path: readonly string[], paths: string[]): void {
  if (isContractProcedure(node)) {
    paths.push(path.join('.'));
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) walk(child, [...path, key], paths);
}
