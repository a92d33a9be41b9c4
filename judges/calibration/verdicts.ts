import { Ajv2020 } from 'ajv/dist/2020.js';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { JudgedVerdict, JudgeIdentity } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { lineComplaint, parseLine, readText, type LineFault } from '../../core/record/checked-lines.ts';
import type { Cause, Verdict } from '../../core/reward-types.ts';
import schema from './verdicts.schema.json' with { type: 'json' };

/** A line of a verdict file, as `verdicts.schema.json` says it. */
interface VerdictLine {
  readonly trajectory: string;
  readonly task?: string;
  readonly criterion: string;
  readonly verdict?: 0 | 1;
  readonly score?: number;
  readonly unusable?: Cause;
  readonly judge?: string;
  readonly position?: number;
  readonly length?: number;
}

/** What a judge said elsewhere; its build is the hash of the file. */
export interface VerdictSet {
  readonly judge: JudgeIdentity;
  readonly verdicts: readonly JudgedVerdict[];
}

const validate = new Ajv2020({ allErrors: true, verbose: true, logger: false }).compile<VerdictLine>(schema);
const example = '{"trajectory": …, "criterion": …, "score": …}';

/**
 * Reads a verdict file: JSON Lines, blank lines left out.
 * @throws UsageError that names every fault as `FILE:LINE: what is wrong`.
 */
export function readVerdicts(path: string): VerdictSet {
  const text = readText(path, 'verdicts');
  const verdicts: JudgedVerdict[] = [];
  const faults: LineFault[] = [];
  let [name, named]: [string | undefined, number] = [undefined, 0];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const read = parseLine(content, validate, example);
    if ('faults' in read) {
      faults.push(...read.faults.map((what) => ({ line, what })));
      continue;
    }
    const judge: string = read.value.judge ?? name ?? basename(path);
    if (name === undefined) [name, named] = [judge, line];
    if (judge !== name) {
      const what = `is by ${judge}, but line ${named} is by ${name}. Give each judge a file of its own.`;
      faults.push({ line, what });
    }
    verdicts.push(judgedVerdict(read.value));
  }
  if (faults.length > 0) throw lineComplaint(path, faults);
  if (name === undefined) throw new UsageError(`${path} holds no verdicts. It needs a line of JSON for each.`);
  const hash = createHash('sha256').update(text).digest('hex');
  return { judge: { name, build: `verdicts ${hash.slice(0, 12)}`, prompt: null }, verdicts };
}

function judgedVerdict({ trajectory, task = trajectory, position, length, ...line }: VerdictLine): JudgedVerdict {
  const { criterion, unusable } = line;
  const verdict: Verdict =
    unusable === undefined
      ? { criterion, state: 'scored', score: line.score ?? line.verdict ?? NaN }
      : { criterion, state: 'unscored', reason: unusable, cause: unusable };
  return {
    trajectory,
    task,
    verdict,
    ...(unusable === undefined ? {} : { cause: unusable }),
    ...(position === undefined ? {} : { position }),
    ...(length === undefined ? {} : { length }),
  };
}
