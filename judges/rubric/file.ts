import { Ajv2020 } from 'ajv/dist/2020.js';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { Cause, Criterion, WrittenForm } from '../../core/reward-types.ts';
import { isRubricKind, usualRubric, type RubricFile, type RubricKind } from '../../core/rubric-kinds.ts';
import { lineComplaint, parseLine, readText, type LineFault } from '../../core/record/checked-lines.ts';
import type { Task } from '../../core/types.ts';
import type { Unusable } from '../language/reply.ts';
import { rubricOf } from './kinds.ts';
import { rubricProblems } from './rubric.ts';
import schema from './rubrics.schema.json' with { type: 'json' };

/** A line of a rubric file, as `judges/rubric/rubrics.schema.json` says it. */
export interface RubricLine {
  readonly task: string;
  readonly request?: string;
  readonly form: WrittenForm;
  /** Absent: no reply could be used. */
  readonly criteria?: readonly Criterion[];
  readonly by?: {
    readonly name: string;
    readonly build: string;
    readonly prompt: string;
    readonly withSolution: boolean;
  };
  readonly unusable?: readonly Unusable[];
}

/** The rubrics of a file. */
export interface RubricSet {
  readonly file: string;
  readonly hash: string;
  readonly lines: ReadonlyMap<string, RubricLine>;
}

export const validLine = new Ajv2020({ allErrors: true, verbose: true, logger: false }).compile<RubricLine>(schema);
const example = '{"task": …, "form": …, "criteria": [{"id": …, "category": …, "description": …, "weight": …}]}';

/** @throws UsageError that names every fault as `FILE:LINE: what is wrong`. */
export function readRubrics(path: string): RubricSet {
  const text = readText(path, 'rubrics');
  const lines = new Map<string, RubricLine>();
  const faults: LineFault[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = parseLine(content, validLine, example);
    const sentences = 'faults' in line ? line.faults : faultsOf(line.value, lines);
    faults.push(...sentences.map((what) => ({ line: index + 1, what })));
    if ('value' in line) lines.set(line.value.task, line.value);
  }
  if (faults.length > 0) throw lineComplaint(path, faults);
  if (lines.size === 0) throw new UsageError(`${path} holds no rubrics. It needs a line of JSON for each.`);
  return { file: basename(path), hash: createHash('sha256').update(text).digest('hex'), lines };
}

function faultsOf({ task, form, criteria }: RubricLine, known: ReadonlyMap<string, RubricLine>): string[] {
  const problems = criteria === undefined ? [] : rubricProblems({ form, criteria });
  return known.has(task) ? [`is a second rubric of ${task}. Keep one of the two.`, ...problems] : problems;
}

/** What episodes are judged by: rubrics of a kind, or those of a file. */
export type ChosenRubrics = RubricKind | RubricSet;

/** The rubrics that a user names, or those that are usual for the suite. Throws `UsageError` for a file that cannot be read. */
export const rubricsNamed = (name: string | undefined, suite: string): ChosenRubrics =>
  name === undefined ? usualRubric(suite) : isRubricKind(name) ? name : readRubrics(name);

/**
 * Tasks with the rubrics that their episodes are judged by. One of which a model was asked for a rubric in vain has a rubric
 * without criteria: no judge is asked, and there is no reward.
 * @throws UsageError where the file does not know a task, or it asks for something else; as `rubricOf` does.
 */
export function withRubrics(tasks: readonly Task[], chosen: ChosenRubrics): Task[] {
  if (typeof chosen === 'string') return tasks.map((task) => withRubric(task, rubricOf(task, chosen)));
  const { file, lines } = chosen;
  const absent = tasks.filter(({ id }) => !lines.has(id));
  if (absent.length > 0) {
    throw new UsageError(
      `${file} has no line for ${absent.length} of the ${tasks.length} tasks, e.g. ${absent[0]?.id}. ` +
        'Let `toolstone rubrics` go on with them, or add them by hand.',
    );
  }
  return tasks.map((task) => {
    const { request = task.prompt, form, criteria = [] } = lines.get(task.id) as RubricLine;
    if (request === task.prompt) return withRubric(task, { form, criteria });
    throw new UsageError(`${file} has a rubric of ${task.id} for another request. Have it written anew.`);
  });
}

/** The task itself where that is its rubric: judges keep what they have read out of one. */
const withRubric = (task: Task, rubric: Task['rubric']): Task => (rubric === task.rubric ? task : { ...task, rubric });

/** What a manifest says of the rubrics; `tasks` are those that were judged. */
export function rubricsRecord(chosen: ChosenRubrics, tasks: readonly string[]): RubricKind | RubricFile {
  if (typeof chosen === 'string') return chosen;
  const { file, hash, lines } = chosen;
  const taskLines = tasks.flatMap((task) => lines.get(task) ?? []);
  const by = taskLines.flatMap((line) =>
    line.by
      ? [`${line.by.name} (${line.by.build.slice(0, 12)})${line.by.withSolution ? ' with the solution' : ''}`]
      : [],
  );
  return { file, hash, by: [...new Set(by)].sort(), without: withoutRubric(taskLines) };
}

/** Tasks without a usable rubric, by why the last reply could not be used. */
export function withoutRubric(lines: readonly RubricLine[]): Partial<Record<Cause, number>> {
  const counts: Partial<Record<Cause, number>> = {};
  for (const { criteria, unusable } of lines) {
    const cause = unusable?.at(-1)?.cause;
    if (criteria === undefined && cause) counts[cause] = (counts[cause] ?? 0) + 1;
  }
  return counts;
}
