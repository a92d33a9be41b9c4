import { cellText, formatNumber, isEstimate, type Cell, type Column, type Table } from '../tables/table.ts';

/** One part of the page; `html` is '' where the run has nothing for it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** Text safe inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Backticked words of already safe text as code. */
const withCode = (safe: string): string => safe.replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** JSON for a `script` element: no `<` can end it, whatever the data say. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** A table with its caption, scrollable sideways; columns named in `without` are left to the files. */
export function tableHtml({ name, title, about, columns, rows }: Table, without: readonly string[] = []): string {
  if (rows.length === 0) return '';
  const shown = columns.filter(({ key }) => !without.includes(key));
  const head = shown.map(({ title: heading, kind }) => `<th scope="col"${numeric(kind)}>${escapeHtml(heading)}</th>`);
  const body = rows.map(
    (row) => `<tr>${shown.map((column, index) => cellHtml(row[column.key], column, index)).join('')}</tr>`,
  );
  return (
    `<div class="scroll" role="region" aria-label="${escapeHtml(title)}" tabindex="0"><table id="table-${name}">` +
    `<caption>${withCode(escapeHtml(about))}</caption>` +
    `<thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
  );
}

const numeric = (kind: Column['kind']): string => (kind === 'text' ? '' : ' class="number"');

function cellHtml(cell: Cell | undefined, { kind }: Column, index: number): string {
  if (index === 0) return `<th scope="row">${escapeHtml(cellText(cell))}</th>`;
  if (cell === null || cell === undefined) return `<td${numeric(kind)}>–</td>`;
  if (!isEstimate(cell)) {
    const text = typeof cell === 'number' ? formatNumber(cell, kind) : cell;
    const wide = kind === 'text' && text.length > 32 ? ' class="wide"' : numeric(kind);
    return `<td${wide}>${escapeHtml(text)}</td>`;
  }
  const { value, low, high, tasks, seeds, episodes, method } = cell;
  const interval =
    low === null || high === null ? 'no interval' : `${formatNumber(low, kind)} – ${formatNumber(high, kind)}`;
  const detail = `${count(tasks, 'task')}, ${count(seeds, 'seed')}, ${count(episodes, 'episode')}; ${method}`;
  return `<td class="number" title="${escapeHtml(detail)}">${formatNumber(value, kind)}<small>${interval}</small></td>`;
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
