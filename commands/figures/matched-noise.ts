// node commands/figures/matched-noise.ts WORK OUT: which noise makes judges of other rubrics as good as noisy judges of the plan's, by the share
// of advantages whose sign they turn round, as figures.json and figures.md in OUT. WORK gets the episodes, of trainings on suite basic.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { trainPhase } from '../../core/phase.ts';
import { keyIn } from '../../core/trajectory.ts';
import { readManifest } from '../../core/record/read-run.ts';
import type { RubricKind } from '../../core/rubric-kinds.ts';
import { toTerminal } from '../../core/terminal.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { matchedNoise, signFlips, type PlayedGroup } from '../../judges/reward/matched-noise.ts';
import { readRecorded } from '../../judges/stored/recorded.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { trainingJob } from '../shared/jobs.ts';
import { recordJobs } from '../shared/run-and-report.ts';

const [work = '', out = ''] = process.argv.slice(2);
const suite = await suiteNamed('basic');
/** Seeds that no table uses; groups of the first are searched, those of the others held. */
const seeds = Array.from({ length: 11 }, (_, index) => 901 + index);
const searched = 2;
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
const folder = await recordJobs('train', 'matched-noise', jobs, { suite: 'basic', out: resolve(work) });
const recorded = readRecorded(folder, readManifest(folder), suite, 'plan');

const groups = recorded.groups.filter(({ keys: [first = ''] }) => keyIn(first).phase === trainPhase);
const seedsOf = new Map(jobs.map(({ name, seed }) => [name, seed]));
const isSearched = ({ keys: [first = ''] }: (typeof groups)[number]) =>
  seeds.indexOf(seedsOf.get(keyIn(first).job) ?? NaN) < searched;
const kept = (group: PlayedGroup): PlayedGroup => {
  const episodes = group.read();
  return { task: group.task, read: () => episodes };
};
const search = groups.filter(isSearched).map(kept);
const held = groups.filter((group) => !isSearched(group)).slice(0, heldGroups);

/** How a judge of a rubric errs: criteria are turned round, one score is off by degree. */
const arms: Readonly<
  Record<'end-state' | 'generic', { readonly most: number; readonly judge: (noise: number) => string }>
> = {
  'end-state': { most: 0.5, judge: (noise) => `noisy:${short(1 - noise)}/${short(1 - noise)}` },
  generic: { most: 20, judge: (noise) => `noisy:${short(noise)}points` },
};
const short = (value: number): string => String(Number(value.toFixed(3)));

const flipsOf = async (of: readonly PlayedGroup[], judge: string, kind: RubricKind): Promise<number> =>
  (await signFlips(of, await judgeNamed(judge), kind)) ?? NaN;

const rows = [];
for (const quality of [0.95, 0.9, 0.8, 0.7]) {
  const judge = `noisy:${quality}/${quality}`;
  const plan = { searched: await flipsOf(search, judge, 'plan'), held: await flipsOf(held, judge, 'plan') };
  rows.push({ rubric: 'plan', judge, ...plan, difference: 0 });
  for (const [kind, { most, judge: named }] of Object.entries(arms) as [
    keyof typeof arms,
    (typeof arms)['generic'],
  ][]) {
    const noise = await matchedNoise(plan.searched, most, (one) => flipsOf(search, named(one), kind));
    const matched = named(noise);
    const flips = { searched: await flipsOf(search, matched, kind), held: await flipsOf(held, matched, kind) };
    rows.push({ rubric: kind, judge: matched, ...flips, difference: flips.held - plan.held });
    toTerminal(process.stderr, `${JSON.stringify(rows.at(-1))}\n`);
  }
}
recorded.close();

const figures = { searched: search.length, held: held.length, rows };
const number = (value: number) => value.toFixed(3).replace(/^(-?)0\./, '$1.');
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
