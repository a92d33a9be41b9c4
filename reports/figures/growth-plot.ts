import type { Estimate } from '../../core/statistics/estimate.ts';
import { markup, rawMarkup, type Markup } from '../markup.ts';
import { windows } from '../tables/growth.ts';
import { cellText, formatNumber, isEstimate, type Table } from '../tables/table.ts';
import { logScale, shareScale, type Scale } from './scales.ts';

/** Pixels. */
const panel = { width: 236, height: 176 };
const [left, top, gap, between] = [64, 66, 26, 40];

/** A point of a line. */
interface Point {
  readonly tools: number;
  readonly value: Estimate;
}

/** What is drawn below one another: success, and the longest prompt. */
const measures = [
  { key: 'verifier_success', title: 'verifier success', kind: 'share' },
  { key: 'peak_tokens', title: 'peak context, tokens', kind: 'amount' },
] as const;

/**
 * Success and peak context over the number of tools, a column of panels for each policy and a line for each view (SVG, the same
 * bytes for the same table). `null` for any other table than `growth`, and for one without rows.
 */
export default function growthPlot({ name, title, rows }: Table): string | null {
  const cells = rows.filter((row) => typeof row['tools'] === 'number');
  if (name !== 'growth' || cells.length === 0) return null;
  const namesOf = (key: string) => [...new Set(cells.map((row) => cellText(row[key])))];
  const [policies, views] = [namesOf('policy'), namesOf('view')];
  const pointsOf = (policy: string, view: string, key: string): Point[] =>
    cells.flatMap((row) => {
      const value = row[key];
      const isOf = row['policy'] === policy && row['view'] === view;
      return isOf && isEstimate(value) ? [{ tools: Number(row['tools']), value }] : [];
    });
  const x = logScale(
    cells.map((row) => Number(row['tools'])),
    [0, panel.width],
  );
  const peaks = cells.flatMap(({ peak_tokens: peak }) => (isEstimate(peak) ? [peak.value] : []));
  const scales = [shareScale([panel.height, 0]), logScale(peaks, [panel.height, 0])] as const;
  const legendStep = Math.max(...views.map(textWidth)) + 44;
  const width = left + Math.max(policies.length * (panel.width + gap) + 18, views.length * legendStep);
  const height = top + measures.length * (panel.height + between) + 12;
  const panels = policies.flatMap((policy, column) =>
    measures.flatMap(({ key, title: what, kind }, row) => {
      const y = scales[row] as Scale;
      const lines = views.map((view) =>
        line(pointsOf(policy, view, key), { x, y, kind, style: styleOf(view, views), name: `${policy}, ${view}` }),
      );
      const at = [left + column * (panel.width + gap), top + row * (panel.height + between)].join(',');
      return [
        markup`<g transform="translate(${at})">`,
        ...(row === 0 ? [markup`<text class="head" x="0" y="-10">${policy}</text>`] : []),
        ...frame(x, y, { what: column === 0 ? what : null, isLast: row === measures.length - 1 }),
        ...(key === 'peak_tokens' ? windowLines(y, column === policies.length - 1) : []),
        ...lines.flat(),
        markup`</g>`,
      ];
    }),
  );
  const document = [
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    markup`<title>${title}: verifier success and peak context by view</title>`,
    markup`<style>${rawMarkup(style)}</style>`,
    markup`<rect width="100%" height="100%"/>`,
    ...legend(views, legendStep),
    ...panels,
    markup`</svg>`,
  ];
  return `${document.join('\n')}\n`;
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

/** Grid, axes and their numbers; `what` stands beside the vertical axis of the first column, whose numbers hold for the others. */
function frame(
  x: Scale,
  y: Scale,
  { what, isLast }: { readonly what: string | null; readonly isLast: boolean },
): Markup[] {
  const { width, height } = panel;
  const rows = y.ticks.flatMap(({ value, text }) => {
    const at = px(y.at(value));
    const number = what === null ? [] : [markup`<text class="tick end" x="-6" y="${at}" dy="3.5">${text}</text>`];
    return [markup`<line class="grid" x1="0" x2="${width}" y1="${at}" y2="${at}"/>`, ...number];
  });
  const columns = x.ticks.map(
    ({ value, text }) => markup`<text class="tick middle" x="${px(x.at(value))}" y="${height + 14}">${text}</text>`,
  );
  const names = [
    ...(what === null
      ? []
      : [markup`<text class="axis middle" transform="translate(-50,${height / 2}) rotate(-90)">${what}</text>`]),
    ...(isLast ? [markup`<text class="axis middle" x="${width / 2}" y="${height + 30}">tools</text>`] : []),
  ];
  return [...rows, ...columns, ...names];
}

/** Windows that lie within the axis; named at the last column. */
const windowLines = (y: Scale, isNamed: boolean): Markup[] =>
  windows.flatMap(({ name, tokens }) => {
    if (!y.holds(tokens)) return [];
    const at = px(y.at(tokens));
    const label = markup`<text class="tick" x="${panel.width + 4}" y="${at}" dy="3.5">${name}</text>`;
    return [
      markup`<line class="window" x1="0" x2="${panel.width}" y1="${at}" y2="${at}"/>`,
      ...(isNamed ? [label] : []),
    ];
  });

interface LineOptions {
  readonly x: Scale;
  readonly y: Scale;
  readonly kind: 'share' | 'amount';
  /** Classes of its way. */
  readonly style: string;
  readonly name: string;
}

/** A view's line with its intervals, and a mark for each point. */
function line(points: readonly Point[], { x, y, kind, style: way, name }: LineOptions): Markup[] {
  if (points.length === 0) return [];
  const place = ({ tools, value }: Point) => [px(x.at(tools)), px(y.at(value.value))] as const;
  const intervals = points.flatMap((point) => {
    const { low, high } = point.value;
    if (low === null || high === null) return [];
    const [at] = place(point);
    return [markup`<line class="interval" x1="${at}" x2="${at}" y1="${px(y.at(low))}" y2="${px(y.at(high))}"/>`];
  });
  const marks = points.map((point) => {
    const [cx, cy] = place(point);
    const text = `${name}, ${formatNumber(Math.round(point.tools), 'count')} tools: ${formatNumber(point.value.value, kind)}`;
    return markup`<circle cx="${cx}" cy="${cy}" r="3"><title>${text}</title></circle>`;
  });
  const path = points.map((point) => place(point).join(',')).join(' ');
  return [markup`<g class="${way}">`, ...intervals, markup`<polyline points="${path}"/>`, ...marks, markup`</g>`];
}

function legend(views: readonly string[], step: number): Markup[] {
  return views.flatMap((view, index) => {
    const x = left + index * step;
    return [
      markup`<g class="${styleOf(view, views)}"><polyline points="${x},24 ${x + 26},24"/><circle cx="${x + 13}" cy="24" r="3"/></g>`,
      markup`<text x="${x + 32}" y="28">${view}</text>`,
    ];
  });
}

/** A view has one colour by calls and by programs, which have other marks. */
function styleOf(view: string, views: readonly string[]): string {
  const [shown = view, execution] = view.split(', ');
  const place = shownViews(views).indexOf(shown) % colours.length;
  return execution === undefined ? `v${place}` : `v${place} by-${execution}`;
}

/** Without how their tools are called, each once. */
const shownViews = (views: readonly string[]): readonly string[] => [
  ...new Set(views.map((view) => view.split(', ')[0] ?? view)),
];

/** Pixels, of text in the legend. */
const textWidth = (text: string): number => 6.6 * text.length;

const colours = ['#b3331f', '#b0740f', '#2b8a3e', '#1864ab', '#862e9c', '#495057'];
const dashes = ['none', '7 3', 'none', '2 3', '9 3 2 3', 'none'];

const style =
  'text{font:12px system-ui,sans-serif;fill:#1d2126}.head{font-weight:600;font-size:13px}.tick{fill:#5a626c;font-size:10px}' +
  '.axis{fill:#5a626c;font-size:11px}.middle{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#dedbd3}' +
  '.window{stroke:#5a626c;stroke-dasharray:4 3}rect{fill:#fff}polyline{fill:none;stroke-width:2}.interval{opacity:.45}' +
  colours
    .map(
      (colour, index) =>
        `.v${index} polyline,.v${index} line{stroke:${colour}}.v${index} polyline{stroke-dasharray:${dashes[index]}}.v${index} circle{fill:${colour}}`,
    )
    .join('') +
  '.by-programs polyline,.by-both polyline{stroke-dasharray:1 4;stroke-linecap:round}.by-programs circle,.by-both circle{fill:#fff;stroke:#1d2126}';
