import { existsSync, readFileSync, rmSync } from 'node:fs';
import { inParallel } from '../../../core/run/episode.ts';
import { UsageError } from '../../../core/errors.ts';
import { eachJsonLine, eachLine } from '../../../core/record/lines.ts';
import { openLineFile } from '../../../core/record/line-file.ts';
import type { WrittenForm } from '../../../core/reward-types.ts';
import { attended } from '../../../core/run/run-jobs.ts';
import type { Task, Toolspace } from '../../../core/types.ts';
import { costsText } from '../../language/costs.ts';
import { validLine, withoutRubric, type RubricLine } from '../file.ts';
import { rubricWriter, type RubricWriter } from './writer.ts';

export interface WritingOptions {
  readonly tasks: readonly Task[];
  /** Tools that a task offers. */
  readonly toolsOf: (task: Task) => Toolspace['tools'];
  /** `KIND:MODEL?SETTINGS`. */
  readonly model: string;
  readonly form: WrittenForm;
  /** The model is shown the reference plan and answer, too. */
  readonly withSolution?: boolean;
  /** What the file holds is thrown away. */
  readonly isFresh: boolean;
  /** Tasks at once; changes no number. */
  readonly concurrency: number;
  /** Where replies are kept by content; absent: each is asked for. */
  readonly cacheFolder?: string;
  /** Milliseconds of a monotonic clock; for costs only. */
  readonly now: () => number;
  /** Does the asking, which begins once the model is open. */
  readonly asking?: (work: () => Promise<void>) => Promise<void>;
}

/**
 * Has a model write the rubrics of tasks into a file, each as soon as it has come; tasks that the file knows are not asked
 * for again, but where the call failed. Returns what came of it in words. Throws `UsageError`.
 */
export async function writeRubrics(path: string, options: WritingOptions): Promise<string> {
  const { tasks, toolsOf, model, form, withSolution = false, isFresh, concurrency, cacheFolder, now } = options;
  const { asking = (work) => work() } = options;
  const writer = await rubricWriter(
    model,
    { form, withSolution },
    { now, ...(cacheFolder === undefined ? {} : { cacheFolder }) },
  );
  const by = { ...writer.identity, prompt: writer.identity.prompt ?? '', withSolution };
  if (existsSync(path)) refuseForeign(path, form, by, isFresh);
  if (isFresh) rmSync(path, { force: true });
  await asking(() =>
    attended(
      (signal, onProgress) => writeInto(path, { tasks, toolsOf, writer, form, by, concurrency, signal, onProgress }),
      'tasks',
    ),
  );
  return `${summaryOf(path)}${costsText(writer.costs())}`;
}

interface Writing {
  readonly tasks: readonly Task[];
  readonly toolsOf: (task: Task) => Toolspace['tools'];
  readonly writer: RubricWriter;
  readonly form: RubricLine['form'];
  readonly by: RubricLine['by'];
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, note: string) => void;
}

async function writeInto(path: string, writing: Writing): Promise<void> {
  const { tasks, toolsOf, writer, form, by, concurrency, signal, onProgress } = writing;
  const lines = openLineFile(path, (value) => (isOwed(value as RubricLine) ? null : (value as RubricLine).task));
  const owed = tasks.filter(({ id }) => !lines.has(id));
  let done = tasks.length - owed.length;
  onProgress(done, tasks.length, '');
  try {
    await inParallel(owed, concurrency, async (task) => {
      signal.throwIfAborted();
      const { rubric, unusable } = await writer.write(task, toolsOf(task), signal);
      const line: RubricLine = {
        task: task.id,
        request: task.prompt,
        form,
        ...(rubric ? { criteria: rubric.criteria } : {}),
        ...(by ? { by } : {}),
        ...(unusable.length > 0 ? { unusable } : {}),
      };
      lines.append(task.id, JSON.stringify(line));
      done += 1;
      onProgress(done, tasks.length, writer.identity.name);
    });
    const order = new Map(tasks.map(({ id }, index) => [id, index]));
    lines.sort((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity) || (a < b ? -1 : 1));
  } finally {
    lines.close();
  }
}

/** A call that failed is made again by the next command. */
const isOwed = ({ criteria, unusable }: RubricLine): boolean =>
  criteria === undefined && unusable?.at(-1)?.cause === 'failed';

/** A file of something else is never written to, nor one of another writer. */
function refuseForeign(path: string, form: string, by: RubricLine['by'], isFresh: boolean): void {
  const cure = 'Give another file with --out.';
  const { lines, tornBytes } = eachLine(path, ({ bytes, number }) => {
    const read = lineIn(bytes);
    if (read === null) throw new UsageError(`${path}, line ${number}, is no rubric. ${cure}`);
    if (isFresh || (read.form === form && JSON.stringify(read.by) === JSON.stringify(by))) return;
    const theirs = read.by ? `${read.by.name} (${read.by.build.slice(0, 12)})` : 'somebody else';
    throw new UsageError(
      `${path} holds ${read.form} rubrics by ${theirs}${read.by?.withSolution === true ? ' with the solution' : ''}` +
        `${read.by?.name === by?.name ? ', asked in another way' : ''}. ${cure} Or replace it with --fresh.`,
    );
  });
  // The first line of an interrupted command may be torn.
  const isForeign = lines === 0 && tornBytes > 0 && !readFileSync(path, 'utf8').startsWith('{"task":');
  if (isForeign) throw new UsageError(`${path} holds no rubric, but ${tornBytes} bytes. ${cure}`);
}

function lineIn(line: Buffer): RubricLine | null {
  try {
    const value: unknown = JSON.parse(line.toString());
    return validLine(value) ? value : null;
  } catch {
    return null; // no JSON, so no rubric
  }
}

/** e.g. `52 of 60 tasks have a rubric; unparseable 8. 71 replies: usable 52, unparseable 18, refused 1.` */
function summaryOf(path: string): string {
  const lines: RubricLine[] = [];
  eachJsonLine(path, (line) => lines.push(line as RubricLine));
  const usable = lines.filter(({ criteria }) => criteria).length;
  const without = Object.entries(withoutRubric(lines)).map(([cause, count]) => `${cause} ${count}`);
  const all = lines.flatMap(({ unusable = [] }) => unusable.map(({ cause }) => cause));
  const replies = [...Map.groupBy(all, (cause) => cause)].map(([cause, same]) => `${cause} ${same.length}`).sort();
  return (
    `${usable} of ${lines.length} tasks have a rubric${without.length === 0 ? '' : `; the rest: ${without.join(', ')}`}. ` +
    `${usable + all.length} replies: ${[`usable ${usable}`, ...replies].join(', ')}.`
  );
}
