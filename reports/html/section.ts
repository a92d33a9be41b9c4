import { markup, type Markup } from '../markup.ts';

/** One part of the page; `html` is `null` where the run has nothing for it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: Markup | null;
}

/** Markup below a heading of its own; nothing for nothing. */
export const titled = (title: string, html: Markup | null): Markup | null => html && markup`<h3>${title}</h3>${html}`;

/** Markup that the reader opens; nothing for nothing. */
export const folded = (title: string, html: Markup | null): Markup | null =>
  html && markup`<details><summary>${title}</summary>${html}</details>`;

/** Where a script of `page/` draws, which finds it by its id. */
export const canvas = (id: string, label: string, height: Markup | null = null): Markup =>
  markup`<div class="canvas"${height}><canvas id="${id}" role="img" aria-label="${label}"></canvas></div>`;
