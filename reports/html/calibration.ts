import stampText from '../../core/record/calibration-stamp.ts';
import type { Calibration, CurvePoint } from '../../core/calibration-types.ts';
import { markup, type Markup } from '../markup.ts';
import { calibrationTables } from '../tables/calibration.ts';
import documentHtml from './document.ts';
import { titled } from './section.ts';
import tableHtml from './table.ts';

/** Judges against labels, as a page that opens offline: stamps, calibration curves drawn without a script, tables. */
export default function calibrationPage(calibrations: readonly Calibration[]): string {
  const title = 'Judges against labels';
  const body = [
    markup`<header class="banner"><div><h1>${title}</h1></div></header>`,
    markup`<main id="content">`,
    ...calibrationParts(calibrations),
    markup`</main>`,
  ];
  return documentHtml({ title: `Toolstone: ${title}`, body, data: null });
}

function calibrationParts(calibrations: readonly Calibration[]): Markup[] {
  if (calibrations.length === 0) return [];
  const stamps = calibrations.map(({ stamp }) => markup`<li>${stampText(stamp)}</li>`);
  const tables = calibrationTables(calibrations).flatMap((table) => titled(table.title, tableHtml(table)) ?? []);
  return [markup`<ul>${stamps}</ul><div class="grid">${calibrations.map(curveFigure)}</div>`, ...tables];
}

const SIDE = 300;
const MARGIN = 40;
/** Score and share 0..1 to places in the picture. */
const x = (value: number): string => (MARGIN + value * SIDE).toFixed(1);
const y = (value: number): string => (10 + (1 - value) * SIDE).toFixed(1);

function curveFigure({ stamp, curve }: Calibration): Markup | null {
  if (curve.length === 0) return null;
  const most = Math.max(...curve.map(({ count }) => count));
  const label = `${stamp.name}: share of what is true against the score, ${curve.length} bins`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) => markup`
      <line x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}" stroke="var(--line)"/>
      <text x="${MARGIN - 6}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">${tick}</text>
      <text x="${x(tick)}" y="${SIDE + 26}" text-anchor="middle">${tick}</text>`,
  );
  const line = curve.map(({ meanScore, share }) => `${x(meanScore)},${y(share.value)}`).join(' ');
  return markup`
    <figure>
      <h3>${stamp.name}</h3>
      <svg viewBox="0 0 ${SIDE + MARGIN + 12} ${SIDE + 48}" role="img" aria-label="${label}" font-size="11" fill="var(--soft)" style="max-width:26rem">
        ${ticks}
        <line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="var(--soft)" stroke-dasharray="4 4"/>
        <polyline points="${line}" fill="none" stroke="var(--c0)" stroke-width="1.5"/>
        ${curve.map((point) => pointSvg(point, most))}
        <text x="${x(0.5)}" y="${SIDE + 42}" text-anchor="middle">mean score</text>
      </svg>
      <figcaption>
        Share of what is true against the mean score, in bins of about equal count; bars are 95 % intervals, a calibrated
        judge lies on the broken line.
      </figcaption>
    </figure>`;
}

function pointSvg({ count, meanScore, share }: CurvePoint, most: number): Markup {
  const [low, high] = [share.low ?? share.value, share.high ?? share.value];
  const radius = (2 + 3 * Math.sqrt(count / most)).toFixed(1);
  const title = `score ${meanScore.toFixed(2)}: true ${share.value.toFixed(2)} of ${count}`;
  return markup`
    <line x1="${x(meanScore)}" x2="${x(meanScore)}" y1="${y(low)}" y2="${y(high)}" stroke="var(--c0)"/>
    <circle cx="${x(meanScore)}" cy="${y(share.value)}" r="${radius}" fill="var(--c0)"><title>${title}</title></circle>`;
}
