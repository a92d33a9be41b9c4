import type { NamedArms } from '../arms/named-arms.ts';
import { markup, type Markup } from '../markup.ts';
import { cellText, isEstimate, type Table } from '../tables/table.ts';
import { canvas } from './section.ts';

/** A policy's figure over the number of tools, a line for each view. */
export interface GrowthChart {
  readonly policy: string;
  readonly measure: 'success' | 'peak context';
  readonly lines: readonly GrowthLine[];
}

export interface GrowthLine {
  readonly view: string;
  /** Number of the arm; `null` where the row is of none. */
  readonly arm: number | null;
  readonly points: readonly {
    readonly tools: number;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const measures = [
  ['success', 'verifier_success'],
  ['peak context', 'peak_tokens'],
] as const;

/** Of the table `growth`; none of runs without it. */
export function growthCharts(tables: readonly Table[], arms: NamedArms): GrowthChart[] {
  const rows = tables.find(({ name }) => name === 'growth')?.rows ?? [];
  const policies = Map.groupBy(rows, ({ policy }) => cellText(policy));
  return [...policies].flatMap(([policy, ofPolicy]) =>
    measures.map(([measure, key]): GrowthChart => {
      const lines = [...Map.groupBy(ofPolicy, ({ arm }) => cellText(arm))].map(([label, ofArm]): GrowthLine => {
        const points = ofArm.flatMap(({ tools, [key]: value }) =>
          typeof tools === 'number' && isEstimate(value)
            ? [{ tools, value: value.value, low: value.low ?? value.value, high: value.high ?? value.value }]
            : [],
        );
        return { view: cellText(ofArm[0]?.['view']), arm: arms.ofRow('growth', label)?.number ?? null, points };
      });
      return { policy, measure, lines: lines.filter(({ points }) => points.length > 0) };
    }),
  );
}

/** Where the charts are drawn; nothing where there are none. */
export function growthFigures(charts: readonly GrowthChart[]): Markup | null {
  const figures = charts.flatMap(({ policy, measure, lines }, index) =>
    lines.length === 0
      ? []
      : [
          markup`
            <figure>
              <h3>${policy}: ${measure}</h3>
              ${canvas(`chart-growth-${index}`, `${policy}: ${measure} over the number of tools, by view`)}
            </figure>`,
        ],
  );
  if (figures.length === 0) return null;
  return markup`
    <p>
      The same tasks among more and more tools. The axis of tools is logarithmic, and so is that of peak context, the
      longest prompt of an episode in tokens; vertical lines are 95 % intervals. All figures are in the table below.
    </p>
    <div class="grid">${figures}</div>`;
}
