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

const keptIn = (name: string, tasks: string, ...policies: readonly string[]): Kept => ({
  command: ['run', '--policy', ...policies, '--tasks', tasks],
  tasks,
  recording: here(`kept/${name}/recording`),
  run: here(`kept/${name}/run`),
});

/** Short replies, so that a model which does not know when to stop takes no hours; one thread waits for no other on a busy machine. */
const smallModel = `ollama:${model}?outputTokens=48&contextTokens=4096&extra.num_thread=1`;

export const keptRecordings: Readonly<Record<string, Kept>> = {
  'own-servers': keptIn('own-servers', here('../../docs/examples/own-tasks.yaml'), 'oracle', 'retrieval'),
  'small-model': keptIn('small-model', here('kept/small-model/tasks.yaml'), smallModel),
};

export const keptNames = Object.keys(keptRecordings);
