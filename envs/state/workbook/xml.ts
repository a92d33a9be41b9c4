/*
 * Ours, since verdicts hang on it: fast-xml-parser reads a part with unfinished or mismatched tags as if it were whole; its
 * validator sees them, but takes the time of a second reading and says it in other words than recorded facts do.
 */

/** The little of XML that workbooks are made of. */
export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, children left out. */
  readonly text: string;
}

/** A comment, declaration, instruction or CDATA section; a tag; or text between them. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!(?:[^>])*>|<(\/?)([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

interface OpenElement extends XmlElement {
  readonly children: OpenElement[];
  text: string;
}

/** The root element. @throws SyntaxError when tags do not match. */
export function parseXml(xml: string): XmlElement {
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  for (const [, section, slash, tag, attributes = '', isClosed, text] of xml.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? top;
    if (section !== undefined) parent.text += section;
    else if (text !== undefined) parent.text += decodeXml(text.replaceAll('\r\n', '\n'));
    if (tag === undefined) continue;
    const name = tag.slice(tag.indexOf(':') + 1);
    if (slash === '/') {
      if (parent.name !== name || open.length === 1) throw new SyntaxError(`unexpected end of XML element ${name}`);
      open.pop();
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
    parent.children.push(element);
    if (isClosed !== '/') open.push(element);
  }
  const [root] = top.children;
  if (!root || open.length > 1) throw new SyntaxError('XML ends before its root element does');
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const attributes = text.matchAll(ATTRIBUTE);
  return Object.fromEntries(
    [...attributes].map(([, name = '', doubleQuoted, singleQuoted]) => [
      name.slice(name.indexOf(':') + 1),
      decodeXml(doubleQuoted ?? singleQuoted ?? ''),
    ]),
  );
}

export const childrenNamed = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

export const childNamed = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeXml(text: string): string {
  return text.replaceAll(/&(?:#x([\dA-Fa-f]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16));
  });
}

export const encodeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * Characters that XML cannot hold are written `_x000D_` in a workbook, and of what looks like that the first `_` so.
 * (ECMA-376 part 1, §22.9.2.19.)
 */
export const escapeText = (text: string): string =>
  text
    .replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF\p{Surrogate}]/gu, (character) =>
      /[\t\n]/.test(character) ? character : `_x${codeOf(character)}_`,
    );

const codeOf = (character: string) => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

export const unescapeText = (text: string): string =>
  text.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
