import { mkdtempDisposableSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calibrationTables } from '../../reports/tables/calibration.ts';
import calibrationPage from '../../reports/html/calibration.ts';
import { tableMarkdown } from '../../reports/tables/table.ts';
import writeCalibration from '../../reports/write-calibration.ts';
import { drawn, key, of, says, withholds } from '../judges/calibration-data.ts';

const { lines, verdicts } = drawn(30, 0.85);
const withheld = verdicts.map((one, index) => (index % 10 === 0 ? withholds(one.trajectory, 'refused') : one));
const extra = Array.from({ length: 20 }, (_, index) => says(key(`new${index}`), index % 3 === 0 ? 0.9 : 0.1));
const calibration = of(lines, [...withheld, ...extra]);
const nothing = of([{ trajectory: key('a'), label: 1 }], [], { criteria: ['done'] });

describe('tables of judges', () => {
  const tables = Object.fromEntries(calibrationTables([calibration, nothing]).map((table) => [table.name, table]));

  it('hold a row per judge, also of one that answered nothing', () => {
    const [row, empty] = tables['calibration']?.rows ?? [];
    expect(row).toMatchObject({
      judge: 'hand',
      items: 108,
      // Three of 30 tasks were refused whole.
      tasks: 27,
      balanced_accuracy: calibration.overall.balancedAccuracy,
      constant_accuracy: calibration.overall.constantAccuracy,
      unusable: 'refused 12',
      unanswered: 'withheld 12',
      notes: '',
    });
    expect(row?.['error_if_calibrated']).toMatch(/^0\.\d\d, 95 % below 0\.\d\d$/);
    expect(empty).toMatchObject({ items: 0, balanced_accuracy: null, unusable: 'none', unanswered: 'not asked 1' });
    expect(empty?.['notes']).toBe('No label has a usable answer: there is nothing to measure.');
  });

  it('hold parts, groups and corrected shares, and no rows where there are none', () => {
    expect(tables['calibration-parts']?.rows.map(({ part }) => part)).toEqual(['done', 'half=even', 'half=odd']);
    expect(tables['calibration-groups']?.rows).toMatchObject([
      { size: 4, flipped: calibration.groups.flips[0]?.flipped },
    ]);
    expect(tables['calibration-corrected']?.rows).toMatchObject([{ criterion: 'done', judged: 20, labelled: 108 }]);
    expect(tableMarkdown(tables['calibration']!)).toMatch(
      /\| hand \| 1 \| 108 \| 27 \| 0\.\d\d \[0\.\d\d, 0\.\d\d\] \|/,
    );
  });
});

describe('the page of judges', () => {
  it('draws every bin inside the picture, and leaves the curve of nothing out', () => {
    const html = calibrationPage([calibration, nothing]);
    expect(html.match(/<svg/g)).toHaveLength(1);
    expect(html.match(/<circle/g)).toHaveLength(calibration.curve.length);
    for (const [, place] of html.matchAll(/c[xy]="([\d.-]+)"/g)) {
      expect(Number(place)).toBeGreaterThanOrEqual(10);
      expect(Number(place)).toBeLessThanOrEqual(340);
    }
    expect(html).toContain('<li>hand (1): balanced accuracy 0.');
    expect(calibrationPage([])).not.toMatch(/<(svg|table|ul)/);
  });

  it('lets no name become markup', () => {
    const hostile = '</svg><script>alert(1)</script>" onload="x';
    const page = calibrationPage([{ ...calibration, stamp: { ...calibration.stamp, name: hostile, build: hostile } }]);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('" onload="');
    expect(page).toContain('&lt;script&gt;');
  });

  it('is written with its record and tables, the same bytes each time', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'calibration-'));
    const paths = writeCalibration(folder.path, [calibration]);
    const names = paths.map((path) => relative(folder.path, path));
    expect(names.slice(0, 3)).toEqual(['calibration.html', 'calibration.json', 'tables/calibration.md']);
    const first = paths.map((path) => readFileSync(path, 'utf8'));
    writeCalibration(folder.path, [of(lines, [...withheld, ...extra])]);
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(first);
    const [record] = JSON.parse(first[1] ?? '') as { stamp: unknown }[];
    expect(record?.stamp).toMatchObject({ name: 'hand', labels: calibration.stamp.labels });
  });
});
