import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listIn } from '../../core/list.ts';
import type { Experiment } from '../../core/run-types.ts';
import { armColours, namedArms } from '../../reports/arms/named-arms.ts';

const css = readFileSync(new URL('../../reports/html/page/layout.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media screen and (prefers-color-scheme: dark)');

/** Red, green and blue of sRGB made linear, 0..1. */
const linear = (hex: string): number[] =>
  [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
/** WCAG 2.2's relative luminance and contrast ratio. */
const luminance = (hex: string): number =>
  linear(hex).reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test.each([
  ['light', light],
  ['dark', dark],
])('arms have as many colours as are said, each another, seen on the %s page', (_, scheme) => {
  const colours = Array.from({ length: armColours }, (_, arm) => new RegExp(`--c${arm}: (#\\w{6});`).exec(scheme)?.[1]);
  const page = /--page: (#\w{6});/.exec(scheme)?.[1] ?? '';
  expect(new Set(colours).size).toBe(armColours);
  expect(colours).not.toContain(undefined);
  expect(scheme).not.toContain(`--c${armColours}:`);
  // WCAG 2.2, 1.4.11: graphical objects.
  for (const colour of colours) expect(contrast(colour ?? page, page), colour).toBeGreaterThan(3);
});

test('every arm of the benchmark has a colour of its own', async () => {
  const bench = await listIn<Experiment>(new URL('../../commands/experiments/', import.meta.url), 'experiment').load(
    'bench',
  );
  const arms = namedArms(bench.jobs(bench.defaults)).all;
  expect(arms.length).toBeGreaterThan(12);
  expect(new Set(arms.map(({ number }) => number % armColours)).size).toBe(arms.length);
});
