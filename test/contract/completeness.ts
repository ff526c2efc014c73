import { procedurePaths } from '#shared/contract';

/**
 * Every procedure must exist on every host.
 * @returns the paths the contract has and the router lacks, and the other way round
 */
export function compareWithContract(contract: unknown, router: unknown) {
  const promised = procedurePaths(contract);
  const kept = procedurePaths(router);
  return {
    missing: promised.filter((path) => !kept.includes(path)),
    extra: kept.filter((path) => !promised.includes(path)),
  };
}
