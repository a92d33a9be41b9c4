import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { planned } from '../../commands/shared/experiments.ts';
import { hoursOf, lengthText, measuredRates } from '../../commands/shared/hours.ts';
import { trialJobs, tuningDefaults } from '../../commands/shared/tuning.ts';
import { readRows } from '../../core/record/row-files.ts';
import type { Job, Manifest } from '../../core/run-types.ts';

const threads = 2;

/** The part of the experiments' README between its marks. */
export const section = /(?<=<!-- commands -->\n)[\s\S]*(?=<!-- \/ -->)/;

/** The table of commands: one for each committed record, with the hours that it takes by the record's own clock times. */
export async function commandsTable(folder: string): Promise<string> {
  const records = globSync('*/manifest.json', { cwd: folder }).map(dirname).toSorted();
  const rows = await Promise.all(records.map((name) => rowOf(join(folder, name), name)));
  const head = ['Record', 'Command', 'Takes', '`--tune` before it'];
  return [head, ['---', '---', '---:', '---:'], ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

async function rowOf(folder: string, name: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const { command, jobs, tuning } = await commandOf(manifest);
  const cells = [`[${name}](${name})`, `\`${command}\``];
  if (jobs.every(({ training }) => training === null))
    return [...cells, lengthText(playedHours(folder, manifest)), '–'];
  const rates = measuredRates(manifest.suite, folder);
  if (rates === null || !rates.source.endsWith(` ${name}`)) throw new Error(`${folder} has no clock times`);
  const length = (of: readonly Job[]) => lengthText(hoursOf(of, rates, threads));
  return [...cells, length(jobs), tuning === null ? '–' : length(tuning)];
}

/** Hours that a record took in which nothing was trained. */
function playedHours(folder: string, { jobs }: Manifest): number {
  const { timings } = readRows(folder, new Map(jobs.map((job) => [job.name, job])));
  return timings.reduce((sum, { seconds }) => sum + seconds, 0) / threads / 3600;
}

/** The command line that runs the jobs of a manifest. Throws where none does. */
export async function commandOf(manifest: Manifest) {
  const name = manifest.name.replace(/^experiment-/, '').replace(/-\d+$/, '');
  const trained = manifest.jobs.filter(({ training }) => training !== null);
  const judge = trained.map(({ training }) => training?.judge?.name).find((one) => one !== undefined);
  const {
    experiment,
    jobs: all,
    suite,
  } = await planned(name, { suite: manifest.suite, ...(name === 'language-judge' ? { judge } : {}) });
  // Of what learns nothing there is one seed, and its sizes are the usual ones.
  const isTrained = trained.length > 0;
  const seeds = isTrained ? Math.max(...trained.map(({ seed }) => seed)) : experiment.defaults.seeds;
  const episodes = isTrained
    ? Math.max(...trained.map(({ training }) => training?.episodes ?? 0))
    : experiment.defaults.episodes;
  const labels = new Set(manifest.jobs.flatMap(({ rows }) => Object.values(rows)));
  const isAll = all.every(({ rows }) => Object.values(rows).some((label) => labels.has(label)));
  const words = [
    `toolstone experiment ${name}`,
    ...(manifest.suite === 'basic' ? [] : [`--suite ${manifest.suite}`]),
    ...(seeds === experiment.defaults.seeds ? [] : [`--seeds ${seeds}`]),
    ...(episodes === experiment.defaults.episodes ? [] : [`--episodes ${episodes}`]),
    ...(experiment.takesJudge ? [`--judge '${judge}'`] : []),
    ...(isAll ? [] : [`--rows ${[...labels].map((label) => `'${label}'`).join(' ')}`]),
  ];
  const sizes = {
    seeds,
    episodes,
    ...(experiment.takesJudge ? { judge } : {}),
    ...(isAll ? {} : { rows: [...labels] }),
  };
  const { jobs } = await planned(name, { suite: manifest.suite, ...sizes });
  const played = new Set(jobs.flatMap(({ rows }) => Object.values(rows)));
  const lost = [...labels].find((label) => !played.has(label));
  if (lost !== undefined || jobs.length !== manifest.jobs.length)
    throw new Error(
      `${words.join(' ')} runs ${jobs.length} jobs, and the record has ${manifest.jobs.length}${lost === undefined ? '' : `, ${lost} among them`}`,
    );
  const tuning = experiment.isTuned ? await trialJobs(experiment, jobs, suite, tuningDefaults) : null;
  return { command: words.join(' '), jobs, tuning };
}
