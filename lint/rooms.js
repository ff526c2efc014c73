// The rules of the house about who may import what, as one lint rule: directions between rooms,
// folders entered through their index, and who may touch Electron. See docs/architecture.md.
import { dirname, join, relative, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
/** @param {string} path */
const posix = (path) => path.split(sep).join('/');

/** Packages that shared/ may use: it has to run everywhere. */
const SHARED_PACKAGES = new Set(['zod', '@orpc/contract']);

/**
 * @param {string} specifier
 * @param {string} from the importing file, relative to the root
 * @returns {string | null} the path of an import inside this repository, or null for a package or builtin
 */
function target(specifier, from) {
  if (specifier.startsWith('.')) return posix(join(dirname(from), specifier));
  if (specifier === '#main/engine' || specifier === '#main/ports') return `${specifier.slice(1)}.ts`;
  if (specifier.startsWith('#main/')) return `main/${specifier.slice(6)}/index.ts`;
  if (specifier.startsWith('#shared/')) return `shared/${specifier.slice(8)}/index.ts`;
  if (specifier.startsWith('#renderer/')) return `renderer/src/${specifier.slice(10)}/index.ts`;
  if (specifier.startsWith('#internal/')) return `${specifier.slice(10)}.ts`;
  return null;
}

/** @param {string} path @param {string} folder */
const inside = (path, folder) => path.startsWith(`${folder}/`);

/**
 * @param {string} from the importing file, relative to the root
 * @param {string} specifier
 * @returns {string | null} why `from` may not import `specifier`, or null where it may
 */
export function objection(from, specifier) {
  if (inside(from, 'test') || inside(from, 'scripts') || inside(from, 'lint')) return null;
  if (specifier.startsWith('#internal/')) return 'only tests may look behind a door (#internal)';

  const to = target(specifier, from);
  if (to === null) return packageObjection(from, specifier);

  if (inside(from, 'shared') && !inside(to, 'shared')) return 'shared/ imports nothing of ours';
  for (const zone of ['renderer', 'preload']) {
    if (inside(from, zone) && !inside(to, zone) && !inside(to, 'shared'))
      return `${zone}/ imports only shared/`;
  }
  if (inside(from, 'main')) {
    if (inside(to, 'renderer') || inside(to, 'preload'))
      return 'main/ never imports the renderer or the preload';
    if (inside(to, 'main/hosts') && !inside(from, 'main/hosts'))
      return 'main/ outside hosts/ never imports a host';
  }
  return doorObjection(from, to, specifier);
}

/** @param {string} from @param {string} specifier */
function packageObjection(from, specifier) {
  const builtin = specifier.startsWith('node:');
  if (/^electron(\/|$)/.test(specifier) && !inside(from, 'main/hosts/electron') && !inside(from, 'preload')) {
    return 'only main/hosts/electron/ and preload/ may import electron';
  }
  if (inside(from, 'shared') && (builtin || !SHARED_PACKAGES.has(specifier))) {
    return `shared/ may import only ${[...SHARED_PACKAGES].join(', ')}`;
  }
  if (inside(from, 'renderer') && builtin) return 'renderer/ has no Node';
  return null;
}

/**
 * A folder is entered through its index: from outside it, nothing else of it can be imported.
 * @param {string} from
 * @param {string} to
 * @param {string} specifier
 */
function doorObjection(from, to, specifier) {
  const way = posix(relative(dirname(from), to)).split('/');
  const down = way.filter((step) => step !== '..');
  if (down.length === 1) return null;
  if (down.length === 2 && /^index\.tsx?$/.test(down[1] ?? '')) return null;
  if (specifier.startsWith('#')) return null;
  return `enter ${down.slice(0, -1).join('/')}/ through its index`;
}

const imports = {
  meta: { type: 'problem', schema: [] },
  /** @param {{ filename: string, report(problem: { node: unknown, message: string }): void }} context */
  create(context) {
    const from = posix(relative(root, context.filename));
    /** @param {{ source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const reason = objection(from, specifier);
      if (reason !== null) context.report({ node: node.source, message: `'${specifier}': ${reason}.` });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default { meta: { name: 'rooms' }, rules: { imports } };
