/** Writing the XML that S3 answers with: elements and text, no attributes but the namespace. */

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Control characters may stand in keys. XML 1.0 has no way to say most of them; a numeric reference is what S3 sends.
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[&<>"\u0000-\u001F\uFFFE\uFFFF]/g;

export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (sign) => NAMED[sign] ?? `&#x${sign.charCodeAt(0).toString(16)};`);
}

/** @returns one element holding text */
export function field(name: string, value: string | number | boolean): string {
  return `<${name}>${typeof value === 'string' ? escapeXml(value) : String(value)}</${name}>`;
}

/** @returns one element holding text, or nothing where there is no value */
export function optional(name: string, value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : field(name, value);
}

/** @returns one element holding elements */
export function group(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** @returns a whole document */
export function document(root: string, ...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${children.join('')}</${root}>`;
}

/** @returns a whole document without a namespace, as S3 writes its errors */
export function errorDocument(...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${children.join('')}</Error>`;
}
