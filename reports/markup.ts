import { html, raw } from 'hono/html';
import { withVisibleMarks } from '../core/visible-text.ts';

/** HTML or SVG in which every text is escaped and hidden marks are written out; only what `markup` and `rawMarkup` return is one. */
export interface Markup {
  readonly isEscaped: true;
  readonly toString: () => string;
}

type Content = string | number | Markup | null | readonly Content[];

/**
 * Markup from a template. Texts put into it are escaped, and their hidden marks (of direction, without width) written out; markup
 * is not, lists are put in one after another, `null` is nothing.
 * Line breaks of the template are those of JSX: a space between words, nothing beside a tag or a placeholder.
 */
export function markup(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const strings = template.map(withoutLayout) as unknown as TemplateStringsArray;
  // Hono answers with a promise only where it was given one.
  return html(strings, ...contents.map(readable)) as Markup;
}

const readable = (content: Content): Content => {
  if (typeof content === 'string') return withVisibleMarks(content);
  return isList(content) ? content.map(readable) : content;
};

const isList = (content: Content): content is readonly Content[] => Array.isArray(content);

const withoutLayout = (text: string): string =>
  text.replaceAll(/(>?)\s*\n\s*(<?)/g, (lineBreak: string, before: string, after: string, start: number) => {
    const isBesidePlaceholder = start === 0 || start + lineBreak.length === text.length;
    return isBesidePlaceholder || before !== '' || after !== '' ? before + after : ' ';
  });

/** Text that is markup already: styles, scripts, or what has been escaped before. */
export const rawMarkup = (text: string): Markup => raw(text);

/**
 * JSON for a `script` element: no `<` can end it, whatever the data say. Hidden marks are written out in its texts, since scripts
 * put them into the page.
 */
export const scriptJson = (value: unknown): Markup =>
  raw(withVisibleMarks(JSON.stringify(value)).replaceAll('<', '\\u003c'));
