import { existsSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import { loadFrom, namesIn } from '../core/folder.ts';
import type { JudgeBackend } from '../core/trajectory.ts';
import codeJudge from './code-judge.ts';

/** Default export of each file in `judges/models/`: the judge `FILE:MODEL`, or `FILE` with `model` ''. */
export type OpenJudge = (model: string) => Promise<JudgeBackend>;

const models = new URL('./models/', import.meta.url);

/**
 * A judge by name: `code`, or `KIND:MODEL` for a file of `judges/models/`. `source` is the hash of Toolstone's own code,
 * which is the code judge's build.
 * @throws UsageError naming the known kinds.
 */
export async function judgeNamed(name: string, source: string): Promise<JudgeBackend> {
  if (name === 'code') return codeBackend(source);
  const [, kind = '', model = ''] = /^([^:]*):?(.*)$/s.exec(name) ?? [];
  if (kinds().includes(kind)) {
    return (await loadFrom<OpenJudge>(models, kind, 'judge'))(model);
  }
  throw new UsageError(`There is no judge "${name}". Known: ${judgeNames().join(', ')}.`);
}

/** The kinds of judges, as a user names them. */
export const judgeNames = (): string[] => ['code', ...kinds().map((kind) => `${kind}:MODEL`)];

const kinds = (): string[] => (existsSync(models) ? namesIn(models) : []);

const codeBackend = (source: string): JudgeBackend => ({
  name: 'code',
  build: `source ${source.slice(0, 12)}`,
  prompt: null,
  judge: (task, trajectories) => Promise.resolve(trajectories.map((one) => codeJudge(task, one))),
});
