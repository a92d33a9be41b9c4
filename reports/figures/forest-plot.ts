import { cellText, formatNumber, isEstimate, type Table } from '../tables/table.ts';

/** Tables with one row per policy or arm and split; others have a row for each family, or differences. */
const ranking = new Set(['rewards', 'views', 'algorithms', 'comparison']);

/** Pixels. */
const rowHeight = 22;
const headHeight = 34;
const plotWidth = 360;
const letterWidth = 6.6;
const margin = 12;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * Verifier success of a table's rows as a forest plot, a panel for each split: a point for the mean, a line for its
 * interval (SVG, the same bytes for the same table). `null` for tables that rank nothing by it, and for those without rows.
 */
export default function forestPlot({ name, title, columns, rows }: Table): string | null {
  if (!ranking.has(name)) return null;
  const label = columns[0]?.key ?? '';
  const panels = Map.groupBy(
    rows.filter((row) => isEstimate(row['verifier_success'])),
    (row) => cellText(row['split']),
  );
  if (panels.size === 0) return null;
  const labels = [...panels.keys(), ...rows.map((row) => cellText(row[label]))];
  const left = margin + Math.max(...labels.map(({ length }) => length)) * letterWidth;
  const at = (share: number): string => rounded(left + margin + share * plotWidth);
  let top = margin + 18;
  const parts: string[] = [];
  for (const [split, own] of panels) {
    const bottom = top + headHeight + own.length * rowHeight;
    parts.push(`<text class="split" x="${margin}" y="${top + 12}">${escaped(split)}</text>`);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const line = `<line class="grid" x1="${at(share)}" x2="${at(share)}" y1="${top + 22}" y2="${bottom - 10}"/>`;
      parts.push(line, `<text class="tick" x="${at(share)}" y="${top + 16}">${share}</text>`);
    }
    own.forEach((row, index) => {
      const success = row['verifier_success'];
      if (!isEstimate(success)) return;
      const { value, low, high } = success;
      const y = top + headHeight + index * rowHeight;
      const range =
        low === null || high === null ? '' : `, ${formatNumber(low, 'share')} to ${formatNumber(high, 'share')}`;
      const name = escaped(cellText(row[label]));
      parts.push(
        `<g><title>${name}: ${formatNumber(value, 'share')}${range}</title>`,
        `<text class="label" x="${rounded(left)}" y="${y + 4}">${name}</text>`,
        low === null || high === null
          ? ''
          : `<line class="interval" x1="${at(low)}" x2="${at(high)}" y1="${y}" y2="${y}"/>`,
        `<circle cx="${at(value)}" cy="${y}" r="4"/>`,
        `<text class="value" x="${at(1)}" dx="12" y="${y + 4}">${formatNumber(value, 'share')}</text></g>`,
      );
    });
    top = bottom + 6;
  }
  const width = Math.ceil(left + 2 * margin + plotWidth + 48);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top + margin}" viewBox="0 0 ${width} ${top + margin}" role="img">
<title>${escaped(title)}: verifier success with intervals of 95 %</title>
<style>${style}</style>
<rect width="100%" height="100%"/>
<text class="head" x="${margin}" y="${margin + 10}">${escaped(title)}: verifier success, 95 % intervals</text>
${parts.filter((part) => part !== '').join('\n')}
</svg>
`;
}

const style =
  'text{font:12px system-ui,sans-serif;fill:#1d2126}.head{font-weight:600;font-size:13px}.split{font-weight:600}' +
  '.tick{fill:#5a626c;font-size:10px;text-anchor:middle}.label{text-anchor:end}.grid{stroke:#dedbd3}' +
  '.interval{stroke:#0b6e75;stroke-width:2}circle{fill:#0b6e75}rect{fill:#fff}';
