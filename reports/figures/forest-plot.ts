import type { Estimate } from '../../core/statistics/estimate.ts';
import { markup, rawMarkup, type Markup } from '../markup.ts';
import { cellText, formatNumber, isEstimate, type Table } from '../tables/table.ts';

/** Tables with one row per policy or arm and split; others have a row for each family, or differences. */
const ranking = new Set(['rewards', 'views', 'algorithms', 'comparison']);

/** Pixels. */
const rowHeight = 22;
const headHeight = 34;
const plotWidth = 360;
const letterWidth = 6.6;
const margin = 12;

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * Verifier success of a table's rows as a forest plot, a panel for each split: a point for the mean, a line for its
 * interval (SVG, the same bytes for the same table). `null` for tables that rank nothing by it, and for those without rows.
 */
export default function forestPlot({ name, title, columns, rows }: Table): string | null {
  if (!ranking.has(name)) return null;
  const label = columns[0]?.key ?? '';
  const points = rows.flatMap((row): Point[] => {
    const success = row['verifier_success'];
    return isEstimate(success) ? [{ split: cellText(row['split']), name: cellText(row[label]), success }] : [];
  });
  const panels = Map.groupBy(points, ({ split }) => split);
  if (panels.size === 0) return null;
  const labels = [...panels.keys(), ...rows.map((row) => cellText(row[label]))];
  const left = margin + Math.max(...labels.map(({ length }) => length)) * letterWidth;
  let top = margin + 18;
  const lines: Markup[] = [];
  for (const [split, ofSplit] of panels) {
    lines.push(...panelHead(split, ofSplit.length, top, left));
    for (const [index, point] of ofSplit.entries()) {
      lines.push(...pointLines(point, top + headHeight + index * rowHeight, left));
    }
    top += panelHeight(ofSplit.length) + 6;
  }
  const width = Math.ceil(left + 2 * margin + plotWidth + 48);
  const height = top + margin;
  const document = [
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    markup`<title>${title}: verifier success with intervals of 95 %</title>`,
    markup`<style>${rawMarkup(style)}</style>`,
    markup`<rect width="100%" height="100%"/>`,
    markup`<text class="head" x="${margin}" y="${margin + 10}">${title}: verifier success, 95 % intervals</text>`,
    ...lines,
    markup`</svg>`,
  ];
  return `${document.join('\n')}\n`;
}

interface Point {
  readonly split: string;
  readonly name: string;
  readonly success: Estimate;
}

const panelHeight = (points: number): number => headHeight + points * rowHeight;

/** Place of a share 0..1 in a plot that begins at `left`. */
const at = (share: number, left: number): string => rounded(left + margin + share * plotWidth);

/** Name and axis of a panel. */
function panelHead(split: string, points: number, top: number, left: number): Markup[] {
  const bottom = top + panelHeight(points);
  const axis = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const x = at(share, left);
    return [
      markup`<line class="grid" x1="${x}" x2="${x}" y1="${top + 22}" y2="${bottom - 10}"/>`,
      markup`<text class="tick" x="${x}" y="${top + 16}">${share}</text>`,
    ];
  });
  return [markup`<text class="split" x="${margin}" y="${top + 12}">${split}</text>`, ...axis];
}

function pointLines({ name, success: { value, low, high } }: Point, y: number, left: number): Markup[] {
  const figure = formatNumber(value, 'share');
  const hasInterval = low !== null && high !== null;
  const range = hasInterval ? `, ${formatNumber(low, 'share')} to ${formatNumber(high, 'share')}` : '';
  return [
    markup`<g><title>${name}: ${figure}${range}</title>`,
    markup`<text class="label" x="${rounded(left)}" y="${y + 4}">${name}</text>`,
    ...(hasInterval
      ? [markup`<line class="interval" x1="${at(low, left)}" x2="${at(high, left)}" y1="${y}" y2="${y}"/>`]
      : []),
    markup`<circle cx="${at(value, left)}" cy="${y}" r="4"/>`,
    markup`<text class="value" x="${at(1, left)}" dx="12" y="${y + 4}">${figure}</text></g>`,
  ];
}

const style =
  'text{font:12px system-ui,sans-serif;fill:#1d2126}.head{font-weight:600;font-size:13px}.split{font-weight:600}' +
  '.tick{fill:#5a626c;font-size:10px;text-anchor:middle}.label{text-anchor:end}.grid{stroke:#dedbd3}' +
  '.interval{stroke:#0b6e75;stroke-width:2}circle{fill:#0b6e75}rect{fill:#fff}';
