// node commands/figures/finetune-served.ts LOCAL_RUN LABEL SERVED_RUN OUT: a model in this process (the row LABEL of
// LOCAL_RUN) beside the same file on another server, call by call, as served.md, served.csv and served.json in OUT.
import { isDeepStrictEqual } from 'node:util';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import estimateMean, { type Estimate } from '../../core/statistics/estimate.ts';
import type { ScoredTrajectory, Turn } from '../../core/trajectory.ts';
import type { Action } from '../../core/types.ts';
import type { Table } from '../../reports/tables/table.ts';
import writeTables from '../../reports/write-tables.ts';

const [local = '', label = '', served = '', out = ''] = process.argv.slice(2);

function scored(run: string): ScoredTrajectory[] {
  const episodes: ScoredTrajectory[] = [];
  eachRecord(run, trajectoryFile, (episode) => episodes.push(episode));
  return episodes;
}

const here = new Map(
  scored(local)
    .filter(({ key }) => key.job.startsWith(`${label}-`))
    .map((one) => [placeOf(one), one]),
);
function placeOf({ key: { phase, task } }: ScoredTrajectory): string {
  return `${phase} ${task}`;
}

const pairs = scored(served).flatMap((there) => {
  const one = here.get(placeOf(there));
  return one ? [{ here: one, there }] : [];
});

function actionsOf(turn: Turn | undefined): readonly Action[] | undefined {
  return turn?.calls.map(({ action }) => action);
}

/** Turns that both came to by the same calls, so that both read the same text. */
const shared = pairs.flatMap(({ here: a, there: b }) => {
  const differs = a.turns.findIndex((turn, index) => !isDeepStrictEqual(actionsOf(turn), actionsOf(b.turns[index])));
  const turns = differs < 0 ? a.turns.length : differs + 1;
  return a.turns.slice(0, turns).flatMap((turn, index) => {
    const other = b.turns[index];
    return other ? [{ turn, other }] : [];
  });
});
const count = <T>(all: readonly T[], holds: (one: T) => boolean): number => all.filter(holds).length;
const success = (all: readonly ScoredTrajectory[]): Estimate | null =>
  estimateMean(
    all.map(({ key: { task }, success: one }) => ({ task, seed: 1, value: Number(one?.verified === true) })),
  );

const table: Table = {
  name: 'served',
  title: 'The same file in this process and on Ollama',
  about:
    'The tasks that both tried, greedily. Equal calls: turns at which both, having done the same so far, called the same. ' +
    'Equal prompts: of the turns that both came to by the same calls, those for which both counted equally many tokens of prompt; ' +
    'equal replies likewise. Intervals: 95 %.',
  columns: [
    { key: 'tasks', title: 'Tasks', kind: 'count' },
    { key: 'here', title: 'Success here', kind: 'share' },
    { key: 'there', title: 'Success on Ollama', kind: 'share' },
    { key: 'turns', title: 'Turns compared', kind: 'count' },
    { key: 'equal_calls', title: 'Equal calls', kind: 'count' },
    { key: 'equal_prompts', title: 'Equal prompts', kind: 'count' },
    { key: 'equal_replies', title: 'Equal replies', kind: 'count' },
  ],
  rows: [
    {
      tasks: pairs.length,
      here: success(pairs.map((one) => one.here)),
      there: success(pairs.map((one) => one.there)),
      turns: shared.length,
      equal_calls: count(shared, ({ turn, other }) => isDeepStrictEqual(actionsOf(turn), actionsOf(other))),
      equal_prompts: count(shared, ({ turn, other }) => turn.usage?.promptTokens === other.usage?.promptTokens),
      equal_replies: count(shared, ({ turn, other }) => turn.usage?.outputTokens === other.usage?.outputTokens),
    },
  ],
};
writeTables(out, [table]);
