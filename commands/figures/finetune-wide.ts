// node commands/figures/finetune-wide.ts STUDY OUT: what the runs of finetune-wide.sh in STUDY show, over its trainings and with each of
// them, as transfer and forgetting (.md, .csv, .json) in OUT.
import { join } from 'node:path';
import type { Episode } from '../../core/record/episode-figures.ts';
import readRun from '../../core/record/read-run.ts';
import estimateMean, { type Estimate } from '../../core/statistics/estimate.ts';
import type { Table } from '../../reports/tables/table.ts';
import writeTables from '../../reports/write-tables.ts';

const [study = '', out = ''] = process.argv.slice(2);

/** An episode of a training: its arm, its seed, and whether it is the half-trained one. */
interface Played extends Episode {
  readonly arm: string;
  readonly training: number;
  readonly isEarly: boolean;
}

function playedIn(run: string): Played[] {
  return readRun(join(study, run)).episodes.flatMap((episode): Played[] => {
    const [, arm = '', seed, early] = /^(\w+)-(\d+)(-early)?-tool\//.exec(episode.job) ?? [];
    return seed === undefined ? [] : [{ ...episode, arm, training: Number(seed), isEarly: early !== undefined }];
  });
}

const isSolved = ({ success }: Played): boolean => success?.verified === true;
const share = (episodes: readonly Played[], holds: (one: Played) => boolean): Estimate | null =>
  estimateMean(episodes.map((one) => ({ task: one.task, seed: one.training, value: Number(holds(one)) })));

/** Means of each training by itself, in the order of their seeds. */
const points = (episodes: readonly Played[]): string =>
  [...Map.groupBy(episodes, ({ training }) => training)]
    .sort(([one], [other]) => one - other)
    .map(([, own]) => (own.filter(isSolved).length / own.length).toFixed(2))
    .join(' ');

const groups = (episodes: readonly Played[], key: (one: Played) => string): (readonly Played[])[] => [
  ...Map.groupBy(episodes, key).values(),
];
const isScored = ({ success }: Played): boolean => success !== null;

const runs = [
  { run: 'chosen', names: 'own' },
  { run: 'sealed', names: 'own' },
  { run: 'sealed-aliased', names: 'other' },
];
const transfer: Table = {
  name: 'transfer',
  title: 'Success by what is new',
  about:
    'Verified success without sampling, over the trainings of an arm, and each of them by itself in the order of their seeds. Names: those ' +
    'by which the tools are shown. Choices were made by validation and held-out-server; sealed-server was measured once, after them. ' +
    'Void episodes are left out. Intervals: 95 %, over tasks and trainings.',
  columns: [
    { key: 'arm', title: 'Trained by', kind: 'text' },
    { key: 'trained', title: 'Trained', kind: 'text' },
    { key: 'split', title: 'Split', kind: 'text' },
    { key: 'names', title: 'Names', kind: 'text' },
    { key: 'tasks', title: 'Tasks', kind: 'count' },
    { key: 'success', title: 'Success', kind: 'share' },
    { key: 'each', title: 'Each training', kind: 'text' },
  ],
  rows: runs.flatMap(({ run, names }) =>
    groups(playedIn(run).filter(isScored), ({ arm, isEarly, phase }) => `${phase} ${arm} ${isEarly}`).map((own) => ({
      arm: own[0]?.arm ?? '',
      trained: own[0]?.isEarly ? 'half' : 'whole',
      split: own[0]?.phase ?? '',
      names,
      tasks: new Set(own.map(({ task }) => task)).size,
      success: share(own, isSolved),
      each: points(own),
    })),
  ),
};

const validation = playedIn('chosen').filter((one) => one.phase === 'validation' && isScored(one));
const nameOf = ({ arm, training, task }: Played): string => `${arm} ${training} ${task}`;
const solvedEarly = new Set(validation.filter((one) => one.isEarly && isSolved(one)).map(nameOf));
const forgetting: Table = {
  name: 'forgetting',
  title: 'What the second half of a training forgets',
  about:
    'Tasks of the split validation by family: success after half of the sequences and after all of them, and of the tasks solved at half time ' +
    'the share that is not solved any more. A dash: none was solved. Intervals: 95 %, over tasks and trainings.',
  columns: [
    { key: 'arm', title: 'Trained by', kind: 'text' },
    { key: 'family', title: 'Family', kind: 'text' },
    { key: 'half', title: 'Half', kind: 'share' },
    { key: 'whole', title: 'Whole', kind: 'share' },
    { key: 'forgotten', title: 'Forgotten', kind: 'share' },
  ],
  rows: groups(validation, ({ arm, family }) => `${arm} ${family}`).map((own) => {
    const late = own.filter(({ isEarly }) => !isEarly);
    return {
      arm: own[0]?.arm ?? '',
      family: own[0]?.family ?? '',
      half: share(
        own.filter(({ isEarly }) => isEarly),
        isSolved,
      ),
      whole: share(late, isSolved),
      forgotten: share(
        late.filter((one) => solvedEarly.has(nameOf(one))),
        (one) => !isSolved(one),
      ),
    };
  }),
};
writeTables(out, [transfer, forgetting]);
