/**
 * Reading the XML that S3 requests carry: elements and text. Written here rather than taken from a package because what
 * it must do is small and strict: a key keeps every space and reference it was sent with, what is malformed is refused,
 * a DOCTYPE is never read, and a list of 10,000 parts takes a few milliseconds.
 */
import { S3Error } from './s3-error.ts';

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The element's own text, untrimmed. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly qualified: string;
  readonly children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 16;
const TAG =
  /<(?:(\/)([\w:.-]+)\s*|([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)|\?[^>]*?\?|!--[\s\S]*?--|!\[CDATA\[([\s\S]*?)\]\])>/y;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function malformed(): S3Error {
  return new S3Error('MalformedXML');
}

function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point =
      decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : Number.NaN;
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) throw malformed();
    return String.fromCodePoint(point);
  });
}

/** @returns the root element; throws MalformedXML */
export function parseXml(bytes: Buffer): XmlElement {
  const source = new TextDecoder('utf-8', { fatal: true });
  let text: string;
  try {
    text = source.decode(bytes);
  } catch {
    throw malformed();
  }

  const top: Open = { name: '', qualified: '', children: [], text: '' };
  const open: Open[] = [top];
  let at = 0;
  while (at < text.length) {
    const current = open.at(-1) ?? top;
    const next = text.indexOf('<', at);
    const end = next === -1 ? text.length : next;
    if (end > at) current.text += decodeReferences(text.slice(at, end).replace(/\r\n?/g, '\n'));
    if (next === -1) break;

    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (tag === null) throw malformed();
    at = TAG.lastIndex;
    const [, closing, closed, opened, , selfClosing, cdata] = tag;
    if (cdata !== undefined) {
      current.text += cdata;
    } else if (opened !== undefined) {
      const element: Open = { name: localName(opened), qualified: opened, children: [], text: '' };
      current.children.push(element);
      if (selfClosing !== '/') open.push(element);
      if (open.length > MAX_DEPTH) throw malformed();
    } else if (closing !== undefined) {
      if (open.length === 1 || current.qualified !== closed) throw malformed();
      open.pop();
    }
  }
  const root = top.children[0];
  if (open.length !== 1 || root === undefined || top.children.length > 1 || top.text.trim() !== '') {
    throw malformed();
  }
  return root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** @returns the text of the first child of that name, or null */
export function childText(element: XmlElement, name: string): string | null {
  return element.children.find((child) => child.name === name)?.text ?? null;
}

export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
