// node commands/figures/matched-noise.ts WORK OUT: which noise makes judges of other rubrics as good as noisy judges of the plan's, by the share
// of advantages whose sign they turn round, as figures.json and figures.md in OUT. WORK gets the episodes, of trainings on suite basic, where it has
// none from before.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { trainPhase } from '../../core/phase.ts';
import { flippedShare, type Flips } from '../../core/statistics/agreement/groups.ts';
import { keyIn, type JudgeBackend } from '../../core/trajectory.ts';
import { readManifest } from '../../core/record/read-run.ts';
import type { RubricKind } from '../../core/rubric-kinds.ts';
import { toTerminal } from '../../core/terminal.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { groupFlips, matchedNoise, signFlips, type PlayedGroup } from '../../judges/reward/matched-noise.ts';
import { readRecorded } from '../../judges/stored/recorded.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { trainingJob } from '../shared/jobs.ts';
import { recordJobs } from '../shared/run-and-report.ts';

const [work = '', out = ''] = process.argv.slice(2);
const suite = await suiteNamed('basic');
/** Seeds that no table uses; groups of the first are searched, those of the others held. */
const seeds = Array.from({ length: 11 }, (_, index) => 901 + index);
const seedsSearched = 2;
const heldGroups = 2000;

// From the untrained policy to one that solves most tasks: what a training's judge is shown.
const jobs = seeds.map((seed) => {
  const rows = { rewards: 'rubric, code' };
  const evaluations = [{ split: 'test', tasks: 1 }] as const;
  const job = trainingJob({
    algorithm: 'grpo',
    reward: 'rubric',
    view: 'tool',
    seed,
    episodes: 1920,
    rows,
    evaluations,
  });
  return { ...job, training: job.training && { ...job.training, validationTasks: 1, recordEvery: 1 } };
});
if (!existsSync(join(work, 'manifest.json')))
  await recordJobs('train', 'matched-noise', jobs, { suite: 'basic', out: resolve(work) });
const recorded = readRecorded(work, readManifest(work), suite, 'plan');

const groups = recorded.groups.filter(({ keys: [first = ''] }) => keyIn(first).phase === trainPhase);
const seedsOf = new Map(jobs.map(({ name, seed }) => [name, seed]));
const isSearched = ({ keys: [first = ''] }: (typeof groups)[number]) =>
  seeds.indexOf(seedsOf.get(keyIn(first).job) ?? NaN) < seedsSearched;
const kept = (group: PlayedGroup): PlayedGroup => {
  const episodes = group.read();
  return { task: group.task, read: () => episodes };
};
const search = groups.filter(isSearched).map(kept);
const held = groups.filter((group) => !isSearched(group)).slice(0, heldGroups);
if (held.length < heldGroups)
  throw new Error(`${work} holds ${held.length} groups apart from those that are searched, not ${heldGroups}.`);

/** How a judge of a rubric errs: criteria are turned round, one score is off by degree. */
const arms = [
  { rubric: 'end-state', most: 0.5, judgeOf: (noise: number) => `noisy:${short(1 - noise)}/${short(1 - noise)}` },
  { rubric: 'generic', most: 20, judgeOf: (noise: number) => `noisy:${short(noise)}points` },
] as const;
const short = (value: number): string => String(Number(value.toFixed(3)));
const searchedFlips = async (judge: string, rubric: RubricKind): Promise<number> =>
  (await signFlips(search, await judgeNamed(judge), rubric)) ?? NaN;

interface Arm {
  readonly quality: number;
  readonly rubric: RubricKind;
  readonly judge: string;
  readonly searched: number;
  readonly flips: Flips[];
}

const found: Arm[] = [];
for (const quality of [0.95, 0.9, 0.8, 0.7]) {
  const judge = `noisy:${quality}/${quality}`;
  const target = await searchedFlips(judge, 'plan');
  found.push({ quality, rubric: 'plan', judge, searched: target, flips: [] });
  for (const { rubric, most, judgeOf } of arms) {
    const matched = judgeOf(await matchedNoise(target, most, (noise) => searchedFlips(judgeOf(noise), rubric)));
    found.push({ quality, rubric, judge: matched, searched: await searchedFlips(matched, rubric), flips: [] });
  }
}
const judges = await Promise.all(found.map(({ judge }) => judgeNamed(judge)));
for (const { task, read } of held) {
  const episodes = read();
  for (const [index, { rubric, flips }] of found.entries())
    flips.push(...(await groupFlips(task, episodes, judges[index] as JudgeBackend, rubric)));
}
recorded.close();

const rows = found.map(({ quality, rubric, judge, searched: share, flips }) => {
  const [plan] = found.filter((one) => one.quality === quality);
  const heldShare = flippedShare(flips) ?? NaN;
  return {
    rubric,
    judge,
    searched: share,
    held: heldShare,
    difference: heldShare - (flippedShare(plan?.flips ?? []) ?? NaN),
  };
});
const figures = { searched: search.length, held: held.length, rows };
const number = (value: number) => `${value <= -0.0005 ? '−' : ''}${Math.abs(value).toFixed(3).replace(/^0\./, '.')}`;
const table = [
  '| rubric | judge | searched | held | held, less the plan’s |',
  '| --- | --- | --: | --: | --: |',
  ...rows.map(
    (one) =>
      `| ${one.rubric} | \`${one.judge}\` | ${number(one.searched)} | ${number(one.held)} | ${number(one.difference)} |`,
  ),
];
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
writeFileSync(join(out, 'figures.md'), `${table.join('\n')}\n`);
toTerminal(process.stdout, `${table.join('\n')}\n`);
