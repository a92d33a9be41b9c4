/** What a text shows once what is struck out is gone. */
export const withoutStruck = (text: string): string =>
  text.replace(/~~(?=\S)[^~\n]{1,400}~~|<(s|del|strike)>[^<]{1,400}<\/\1>/gi, '');

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
};

/** `__init__` is a name; `__Paris__` is bold. */
const isName = (text: string): boolean => /^__[a-z]\w*__$/.test(text);

/** A text without Markdown's and HTML's marks inside its lines: emphasis, code, links, escapes, entities. */
export function plain(text: string): string {
  return text
    .replace(/<\/?(?:b|strong|i|em|u|mark|code|span|p)>|<br ?\/?>/gi, '')
    .replace(/!?\[([^\][\n]{1,400})\]\((?:[^()\s]|\([^()\s]{0,400}\)){1,400}\)/g, '$1')
    .replace(/(?<![\w`\\])(`{1,2})(?!`)([^`\n]{1,400})\1(?!`)/g, '$2')
    .replace(/(?<![\p{L}\p{N}*\\])(\*{1,3})(?![\s*])([^*\n]{0,400}[^\s*\\])\1(?![\p{L}\p{N}*])/gu, '$2')
    .replace(
      /(?<![\p{L}\p{N}_\\])(_{1,3})(?![\s_])([^\n]{0,400}?[^\s_\\])\1(?![\p{L}\p{N}_])/gu,
      (whole, _mark, inner: string) => (isName(whole) ? whole : inner),
    )
    .replace(/\\([\\`*_{}[\]()#+\-.!|$%&~<>])/g, '$1')
    .replace(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, (entity) => entities[entity] ?? entity);
}

/** What stands between the marks that a whole text is wrapped in, once for each kind of mark it is wrapped in. */
export function unwrapped(text: string): string[] {
  const fence = /^(```+|~~~+)[^\n`]*\n([\s\S]*?)\n?\1$/.exec(text)?.[2];
  const element = /^<(b|strong|i|em|u|mark|code|pre|span|p|answer|final_answer|result|output)>([\s\S]*)<\/\1>$/i.exec(
    text,
  )?.[2];
  const formula =
    /^\$\$?([^$]+?)\$\$?$/.exec(text)?.[1] ??
    /^\\\(([\s\S]+)\\\)$/.exec(text)?.[1] ??
    /^\\\[([\s\S]+)\\\]$/.exec(text)?.[1] ??
    /^\\(?:boxed|text|textbf|mathrm|mathbf)\{([^{}]*|[^{}]*\{[^{}]*\}[^{}]*)\}$/.exec(text)?.[1];
  const marked = ['***', '**', '*', '___', '__', '_', '``', '`', '"', "'"].flatMap((mark) => {
    const inner = text.slice(mark.length, -mark.length);
    const isWrapped = text.length > 2 * mark.length && text.startsWith(mark) && text.endsWith(mark);
    return isWrapped && !inner.includes(mark[0] ?? '') && !isName(text) ? [inner] : [];
  });
  const quoted = /^(?:“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|‘([^‘’]+)’)$/.exec(text)?.slice(1) ?? [];
  return [fence, element, formula, ...quoted, ...marked].flatMap((one) => (one === undefined ? [] : [one]));
}

const picture = String.raw`(?![©®™])\p{Extended_Pictographic}`;
const before = new RegExp(String.raw`^(?:${picture})+\s*`, 'u');
const after = new RegExp(String.raw`(?:${picture})+$`, 'u');
/** Pictures that say no, or that nobody knows. */
const denying = /[❌✖✗✘❎🚫⛔👎⚠❓❔🤔🤷🙅]/u;

/** Without a bullet, number, heading or quotation mark at its beginning, or a cheering picture at an end. */
export function unadorned(text: string): string[] {
  const isLine = !text.includes('\n');
  return [
    // before a number a hyphen may be its minus, `>` a comparison, and `1.` a part of it
    text.replace(
      isLine ? /^(?:#{1,6}|[*•◦‣·])\s+|^(?:[-+>]|\d{1,3}[.)])\s+(?![\d.,$€£¥+-])/u : /^(?:#{1,6}|[•◦‣])\s+/,
      '',
    ),
    ...(!isLine && text.split('\n').every((one) => one.startsWith('>')) ? [text.replace(/^> ?/gm, '')] : []),
    ...(denying.test(text) ? [] : [text.replace(before, '').replace(after, '')]),
  ];
}
