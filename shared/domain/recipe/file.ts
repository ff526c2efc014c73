import { z } from 'zod';
import { sluiceError } from '#shared/errors';
import { RECIPE_FORM, RECIPE_VERSION, recipe, type Recipe } from './recipe.ts';

const versioned = z.object({ version: z.number() });

/** @returns the text of a recipe as a file, to be shared */
export function writeRecipe(written: Recipe): string {
  return `${JSON.stringify({ ...written, form: RECIPE_FORM }, null, 2)}\n`;
}

/** Reads what `writeRecipe` wrote, or a person. Throws RECIPE_NEWER, RECIPE_INVALID. */
export function readRecipe(text: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw sluiceError('RECIPE_INVALID', { reason: 'it is not JSON' }, error);
  }
  const { data } = versioned.safeParse(value);
  if (data !== undefined && data.version > RECIPE_VERSION)
    throw sluiceError('RECIPE_NEWER', { version: data.version });
  const read = recipe.safeParse(value);
  if (read.success) return read.data;
  throw sluiceError('RECIPE_INVALID', { reason: reasonOf(read.error) }, read.error);
}

function reasonOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'it has another form';
  const place = issue.path.map((part) => (typeof part === 'number' ? part + 1 : String(part)));
  return `${place.join(' ')}: ${issue.code === 'invalid_union' ? 'it is none of the forms that are known' : issue.message}`
    .replace(/\.$/, '')
    .replace(/^: /, '');
}
