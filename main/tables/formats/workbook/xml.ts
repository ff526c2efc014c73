/** Who is told what stands in a piece of XML. Names come without their prefix. */
export interface XmlSink {
  /** @param attributes the text of the tag after its name; `attribute` finds one in it */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** Entities are not decoded. */
  text(raw: string): void;
}

const LONGEST = 64 << 20;

/**
 * Tells the tags and texts of XML that comes piece by piece. It knows no entities but those of XML itself and numbers, so
 * that nothing in a file can be made to grow; a document type is passed over.
 */
export class XmlScanner {
  readonly #sink: XmlSink;
  #rest = '';

  constructor(sink: XmlSink) {
    this.#sink = sink;
  }

  push(piece: string): void {
    const xml = this.#rest === '' ? piece : this.#rest + piece;
    let at = 0;
    for (;;) {
      const open = xml.indexOf('<', at);
      if (open === -1) break;
      const close = tagEnd(xml, open);
      if (close === -1) break;
      if (open > at) this.#sink.text(xml.slice(at, open));
      this.#tag(xml, open, close);
      at = close + 1;
    }
    this.#rest = at === 0 ? xml : xml.slice(at);
    if (this.#rest.length > LONGEST) throw new Error('a piece of its XML does not end');
  }

  #tag(xml: string, open: number, close: number): void {
    const first = xml.charCodeAt(open + 1);
    // ? and !
    if (first === 63) return;
    if (first === 33) {
      if (xml.startsWith('<![CDATA[', open))
        this.#sink.text(xml.slice(open + 9, close - 2).replaceAll('&', '&amp;'));
      return;
    }
    if (first === 47) return this.#sink.close(local(xml.slice(open + 2, close).trimEnd()));
    const alone = xml.charCodeAt(close - 1) === 47;
    const end = alone ? close - 1 : close;
    let name = open + 1;
    while (name < end && xml.charCodeAt(name) > 32) name += 1;
    const tag = local(xml.slice(open + 1, name));
    this.#sink.open(tag, xml.slice(name, end));
    if (alone) this.#sink.close(tag);
  }
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** Where a tag ends; a sign `>` in the value of an attribute is no end. */
function tagEnd(xml: string, open: number): number {
  if (xml.startsWith('<!--', open)) return past(xml, '-->', open);
  if (xml.startsWith('<![CDATA[', open)) return past(xml, ']]>', open);
  let close = xml.indexOf('>', open);
  while (close !== -1) {
    const before = xml.charCodeAt(close - 1);
    // A quote, a slash, a question mark or a blank before it, or no attribute at all.
    if (before === 34 || before === 39 || before === 47 || before === 63 || before <= 32) return close;
    if (!xml.slice(open, close).includes('=')) return close;
    close = xml.indexOf('>', close + 1);
  }
  return -1;
}

function past(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at === -1 ? -1 : at + mark.length - 1;
}

/** @returns the value of an attribute, whatever prefix it has; null where there is none */
export function attribute(attributes: string, name: string): string | null {
  let at = attributes.indexOf(`${name}=`);
  while (at !== -1) {
    const before = attributes.charCodeAt(at - 1);
    if (before <= 32 || before === 58) {
      const quote = attributes[at + name.length + 1] ?? '"';
      const from = at + name.length + 2;
      const end = attributes.indexOf(quote, from);
      return end === -1 ? null : decoded(attributes.slice(from, end));
    }
    at = attributes.indexOf(`${name}=`, at + 1);
  }
  return null;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @returns a text with its entities as signs, and `_x000D_` as the sign that stands for */
export function decoded(raw: string): string {
  let text = raw;
  if (text.includes('&')) {
    text = text.replace(
      /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
      (all, hex, number, name) => {
        if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? all;
        const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(number);
        return code <= 0x10ffff ? String.fromCodePoint(code) : '';
      },
    );
  }
  if (!text.includes('_x')) return text;
  return text.replace(/_x([\dA-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
