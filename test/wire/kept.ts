import { fileURLToPath } from 'node:url';
import { model } from '../live/ollama-server.ts';

/** A recording that stands in the repository, with the run that it was made of. */
export interface Kept {
  /** What was played: words of the command line, without where to. */
  readonly command: readonly string[];
  readonly tasks: string;
  readonly recording: string;
  readonly run: string;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const keptIn = (name: string, tasks: string, words: readonly string[]): Kept => ({
  command: ['run', '--tasks', tasks, ...words],
  tasks,
  recording: here(`kept/${name}/recording`),
  run: here(`kept/${name}/run`),
});

/** Short replies, so that a model which does not know when to stop takes no hours; one thread waits for no other on a busy machine. */
const smallModel = `ollama:${model}?outputTokens=16&contextTokens=4096&extra.num_thread=1`;

export const keptRecordings: Readonly<Record<string, Kept>> = {
  'own-servers': keptIn('own-servers', here('../../docs/examples/own-tasks.yaml'), ['--policy', 'oracle', 'retrieval']),
  // The shortest prompts, one episode after the other, so that the endpoint has read their beginning before.
  'small-model': keptIn('small-model', here('kept/small-model/tasks.yaml'), [
    '--policy',
    smallModel,
    '--view',
    'native',
    '--concurrency',
    '1',
  ]),
};

export const keptNames = Object.keys(keptRecordings);
