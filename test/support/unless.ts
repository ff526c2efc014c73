import { test } from 'vitest';

/** Reasons for which a test cannot be run here; null where it can. */
export const onWindows = process.platform === 'win32' ? 'it is told otherwise on Windows' : null;
export const withoutRights = onWindows ?? (process.getuid?.() === 0 ? 'root has every right' : null);

/** A test that is left out for a reason, which is then shown. */
export const testUnless =
  (reason: string | null) =>
  (name: string, run: () => Promise<void> | void): void => {
    test(name, async (context) => {
      if (reason !== null) context.skip(reason);
      await run();
    });
  };
