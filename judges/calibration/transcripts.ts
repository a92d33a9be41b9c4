import { Ajv2020 } from 'ajv/dist/2020.js';
import { basename } from 'node:path';
import type { Label, LabelSet } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { lineComplaint, parseLine, readText, type LineFault } from '../../core/record/checked-lines.ts';
import type { Category, Criterion } from '../../core/reward-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { rubricProblems } from '../rubric/rubric.ts';
import { labelSet } from './labels.ts';
import { readMessages, type TranscriptMessage } from './transcript-turns.ts';
import schema from './transcripts.schema.json' with { type: 'json' };

/** A line of a transcript file, as `transcripts.schema.json` says it. */
interface TranscriptLine {
  readonly id: string;
  readonly task?: string;
  readonly messages: readonly TranscriptMessage[];
  readonly criteria: readonly {
    readonly id: string;
    readonly description: string;
    readonly category?: Category;
    readonly weight?: number;
  }[];
  readonly labels?: Readonly<Record<string, number | null>>;
  readonly rater?: string;
  readonly source?: Label['source'];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A transcript as judges take it: a task that has a request and a rubric alone, and its episode. */
export interface Transcript {
  readonly id: string;
  /** Letters of the messages, as their length. */
  readonly length: number;
  readonly task: Task;
  readonly trajectory: Trajectory;
}

export interface TranscriptSet {
  /** The file's name without its folder. */
  readonly name: string;
  readonly transcripts: readonly Transcript[];
  /** `null` where no line says what is true, nor leaves it open. */
  readonly labels: LabelSet | null;
}

const validate = new Ajv2020({ allErrors: true, verbose: true, logger: false, allowUnionTypes: true });
const validLine = validate.compile<TranscriptLine>(schema);
const example = '{"id": …, "messages": [{"role": …, "content": …}], "criteria": [{"id": …, "description": …}]}';

/**
 * Reads a transcript file: JSON Lines, blank lines left out.
 * @throws UsageError that names every fault as `FILE:LINE: what is wrong`.
 */
export function readTranscripts(path: string): TranscriptSet {
  const text = readText(path, 'transcripts');
  const transcripts: Transcript[] = [];
  const labels: Label[] = [];
  const faults: LineFault[] = [];
  const firstLines = new Map<string, number>();
  let open = 0;
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const read = parseLine(content, validLine, example);
    const sentences = 'faults' in read ? read.faults : faultsOf(read.value, firstLines.get(read.value.id));
    faults.push(...sentences.map((what) => ({ line, what })));
    if ('faults' in read || sentences.length > 0) continue;
    firstLines.set(read.value.id, line);
    transcripts.push(transcriptOf(read.value));
    const slots = labelsOf(read.value, line);
    labels.push(...slots.labels);
    open += slots.open;
  }
  if (faults.length > 0) throw lineComplaint(path, faults);
  if (transcripts.length === 0) throw new UsageError(`${path} holds no transcripts. It needs a line of JSON for each.`);
  return { name: basename(path), transcripts, labels: labels.length === 0 ? null : labelSet(path, labels, open) };
}

function faultsOf(line: TranscriptLine, first: number | undefined): string[] {
  const ids = new Set(line.criteria.map(({ id }) => id));
  const unknown = Object.keys(line.labels ?? {}).filter((id) => !ids.has(id));
  return [
    ...(first === undefined ? [] : [`has the id "${line.id}" of line ${first}. Give each transcript its own.`]),
    ...rubricProblems({ form: 'free', criteria: criteriaOf(line) }),
    ...unknown.map(
      (id) => `labels "${id}", which is no criterion of the transcript. It has: ${[...ids].sort().join(', ')}.`,
    ),
  ];
}

const criteriaOf = ({ criteria }: TranscriptLine): Criterion[] =>
  criteria.map(({ category = 'task-fulfilment', weight = 1, ...rest }) => ({ ...rest, category, weight }));

function labelsOf(
  { id, task = id, labels = {}, rater = 'file', source = 'human', tags = {} }: TranscriptLine,
  line: number,
) {
  const slots = Object.entries(labels);
  const filled = slots.flatMap(([criterion, score]): Label[] =>
    score === null ? [] : [{ trajectory: id, task, criterion, score, rater, source, group: null, tags, line }],
  );
  return { labels: filled, open: slots.length - filled.length };
}

function transcriptOf(line: TranscriptLine): Transcript {
  const { id, task: name = id, messages } = line;
  const { prompt, turns, outcome } = readMessages(messages);
  const task: Task = {
    id: name,
    suite: 'transcripts',
    family: 'transcripts',
    split: 'test',
    prompt,
    world: { servers: [], files: {} },
    plan: [],
    initial: {},
    goal: { kind: 'checks', checks: [], inspections: [] },
    answer: '',
    subGoals: 0,
    difficulty: 0,
    mostTurns: null,
    rubric: { form: 'free', criteria: criteriaOf(line) },
  };
  const trajectory: Trajectory = {
    version: 2,
    key: { job: 'transcripts', phase: 'test', task: name, repetition: 0 },
    policy: 'transcript',
    policyVersion: 0,
    // What it was shown of its tools is not told, so that nothing may be said of loads.
    view: 'eager',
    seed: 0,
    system: '',
    prompt,
    turns,
    outcome,
    startHash: '',
    evidence: {},
  };
  return { id, length: JSON.stringify(messages).length, task, trajectory };
}
