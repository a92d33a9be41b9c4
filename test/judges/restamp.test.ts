import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restamp } from '../../commands/shared/restamp-records.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { codeIdentity } from '../../judges/code/build.ts';
import { score } from '../../judges/reward/rewards.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { episode, finishTurn } from './episodes.ts';
import { manifest, storedRun } from './stored-run.ts';

const smoke = await suiteNamed('smoke');
const episodes = smoke.tasks('test', 3).map((task) => score(task, episode([finishTurn], { of: task })));
const before = { ...codeIdentity(), build: 'source of old' };
const now = codeIdentity();

/** A run that the older build judged, and two records: one of that build, one of another. */
function judgedBefore(lines: readonly ScoredTrajectory[]) {
  const { base, path } = storedRun(lines);
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...manifest, suite: 'smoke', judge: before }));
  const [ours, foreign] = [join(base, 'ours.json'), join(base, 'foreign.json')];
  writeFileSync(ours, JSON.stringify({ judge: before, others: [before, now] }));
  writeFileSync(foreign, JSON.stringify({ judge: { ...before, build: 'source of others' } }));
  return { path, ours, foreign, flags: { judge: 'code', records: [ours, foreign] } };
}

test('records get the build of today where it says the same of every episode, and those of other builds stay', async () => {
  const { path, ours, foreign, flags } = judgedBefore(episodes);
  const { isEqual, report } = await restamp(path, flags);
  expect(isEqual).toBe(true);
  expect(report).toMatch(/^All \d\d verdicts on .* are equal: "source of old" is "source \w{12}" now\./);
  expect(report).toContain(`${ours}: 2 re-stamped.`);
  expect(report).toContain(`${foreign}: left, for its records are of "source of others".`);
  expect(JSON.parse(readFileSync(ours, 'utf8'))).toEqual({ judge: now, others: [now, now] });
});

test('one verdict that is another is named, and no record is changed', async () => {
  const [first, ...rest] = episodes as [ScoredTrajectory, ...ScoredTrajectory[]];
  const [verdict, ...more] = first.verdicts;
  const odd = { criterion: verdict?.criterion ?? '', state: 'scored', score: 0.25 } as const;
  const { path, ours, flags } = judgedBefore([...rest, { ...first, verdicts: [odd, ...more] }]);
  const text = readFileSync(ours, 'utf8');
  const { isEqual, report } = await restamp(path, flags);
  expect(isEqual).toBe(false);
  expect(report).toMatch(/^No record was changed\. \S+ .*: it was \S+ scored 0\.25, and is \S+ (?:scored|unscored)/);
  expect(readFileSync(ours, 'utf8')).toBe(text);
});

test('a run whose verdicts another judge made proves nothing', async () => {
  const { path, flags } = judgedBefore(episodes);
  await expect(restamp(path, { ...flags, judge: 'embedded' })).rejects.toThrow(/holds verdicts of the judge "code"/);
});
