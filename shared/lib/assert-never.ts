/** Closes a switch over a union: a case that was forgotten does not compile, and fails loudly if it ever runs. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
