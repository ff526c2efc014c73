/** HTML that nothing can break out of: every value is text unless it was made here. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Value = string | Markup | readonly Markup[];

/** A template whose values are escaped; what is `Markup` already stays as it is. */
export function html(fixed: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = fixed.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : `${text}${toHtml(value)}`;
  });
  return new Markup(parts.join(''));
}

function toHtml(value: Value): string {
  if (value instanceof Markup) return value.html;
  if (typeof value === 'string') return visible(value);
  return value.map((each) => each.html).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Signs that are not seen, or that turn around what is beside them, are shown by their number: `invoice\u202Efdp.exe`
 * must not look like `invoiceexe.pdf`. A new line in a text of several lines stays one.
 */
const UNSEEN = /[^\P{C}\n]|[\u2028\u2029]/gu;

function visible(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
    .replace(UNSEEN, (sign) => {
      const number = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return `<span class="sign">U+${number}</span>`;
    });
}

/** For what is one line: a name or a path. */
export const line = (text: string): Markup =>
  new Markup(visible(text).replaceAll('\n', '<span class="sign">U+000A</span>'));

/** For where no element can stand, such as a title. */
export const plain = (text: string): string => text.replace(UNSEEN, '\u{fffd}').replaceAll('\n', '\u{fffd}');
