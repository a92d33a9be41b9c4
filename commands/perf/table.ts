import type { PerfRow, PerfTarget } from './measure.ts';
import type { Table } from '../../reports/tables/table.ts';

/** The table of `toolstone perf`: ours, yardstick, ratio, target, met or not. */
export function perfTable(rows: readonly PerfRow[], rounds: number): Table {
  return {
    name: 'perf',
    title: 'Speed',
    about:
      `Medians of ${rounds} rounds in which both sides take turns, their quartiles in brackets; the ratio is ours by the ` +
      'yardstick, round by round. Ratios stand a busy machine, absolute figures need an idle one.',
    columns: [
      { key: 'what', title: 'what', kind: 'text' },
      { key: 'ours', title: 'ours', kind: 'text' },
      { key: 'yardstick', title: 'yardstick', kind: 'text' },
      { key: 'ratio', title: 'ratio', kind: 'text' },
      { key: 'target', title: 'target', kind: 'text' },
      { key: 'met', title: 'met', kind: 'text' },
    ],
    rows: rows.map(({ what, unit, ours, yardstick, ratio, target, isMet }) => ({
      what,
      ours: `${ours.name}: ${spread(ours)} ${unit}`,
      yardstick: yardstick ? `${yardstick.name}: ${spread(yardstick)} ${unit}` : '–',
      ratio: ratio ? spread(ratio) : '–',
      target: target ? targetText(target, unit) : '–',
      met: isMet === null ? '–' : isMet ? 'yes' : 'no',
    })),
  };
}

function spread({ median, lowerQuartile, upperQuartile }: PerfRow['ours'] | NonNullable<PerfRow['ratio']>): string {
  if (lowerQuartile === upperQuartile) return figure(median);
  return `${figure(median)} (${figure(lowerQuartile)}–${figure(upperQuartile)})`;
}

/** Three significant digits, large numbers whole. */
const figure = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

function targetText({ of, atMost, atLeast }: PerfTarget, unit: string): string {
  const bound = atMost === undefined ? `≥ ${atLeast}` : atMost === 0 ? '0' : `≤ ${atMost}`;
  return of === 'ratio' ? `ratio ${bound}` : `${bound} ${unit}`;
}
