import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Label, LabelSet } from '../core/calibration-types.ts';
import { messageOf, UsageError } from '../core/errors.ts';
import schema from './labels.schema.json' with { type: 'json' };

/** A line of a label file, as `labels.schema.json` says it. */
interface LabelLine {
  readonly trajectory?: string;
  readonly task?: string;
  readonly criterion: string;
  readonly label?: 0 | 1;
  readonly score?: number;
  readonly rater: string;
  readonly source: Label['source'];
  readonly group?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What is wrong with a line of a label file. */
export interface LabelFault {
  readonly line: number;
  readonly what: string;
}

const validate = new Ajv2020({ allErrors: true, verbose: true, logger: false }).compile<LabelLine>(schema);

const MOST_SHOWN = 20;

/**
 * Reads a label file: JSON Lines, blank lines left out.
 * @throws UsageError that names every fault as `FILE:LINE: what is wrong`.
 */
export function readLabels(path: string): LabelSet {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'it is not there'
        : code === 'EISDIR'
          ? 'it is a folder; name a .jsonl file'
          : error instanceof TypeError
            ? 'it is no UTF-8 text'
            : messageOf(error);
    throw new UsageError(`Cannot read the labels ${path}: ${why}.`, { cause: error });
  }
  return parseLabels(text, path);
}

/** The labels in a text; `file` is what faults call it. Throws `UsageError` like `readLabels`. */
export function parseLabels(text: string, file: string): LabelSet {
  const labels: Label[] = [];
  const faults: LabelFault[] = [];
  const firstLines = new Map<string, number>();
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const read = parseLine(content);
    if ('faults' in read) {
      faults.push(...read.faults.map((what) => ({ line, what })));
      continue;
    }
    const label = labelOf(read.value, line);
    const place = JSON.stringify([label.trajectory, label.task, label.criterion, label.source, label.rater]);
    const first = firstLines.get(place);
    if (first === undefined) {
      firstLines.set(place, line);
      labels.push(label);
    } else {
      const what = `${label.rater} has labelled ${label.criterion} of the same trajectory in line ${first} already. Keep one of the two.`;
      faults.push({ line, what });
    }
  }
  if (faults.length > 0) throw labelComplaint(file, faults);
  if (labels.length === 0) throw new UsageError(`${file} holds no labels. It needs a line of JSON for each.`);
  return { file, hash: hashOf(labels), labels };
}

/** Faults as one error, in the order of their lines; beyond twenty only their number is told. */
export function labelComplaint(file: string, faults: readonly LabelFault[]): UsageError {
  const sorted = [...faults].sort((a, b) => a.line - b.line);
  const shown = sorted.slice(0, MOST_SHOWN).map(({ line, what }) => `${file}:${line}: ${what}`);
  const more = sorted.length > MOST_SHOWN ? [`and ${sorted.length - MOST_SHOWN} more.`] : [];
  return new UsageError([...shown, ...more].join('\n'));
}

function parseLine(content: string): { readonly value: LabelLine } | { readonly faults: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return { faults: [`is no JSON: ${messageOf(error)}.`] };
  }
  if (validate(value)) return { value };
  // Errors in the branches of a choice only repeat what the choice says.
  const told = (validate.errors ?? []).filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath));
  return { faults: told.map(sentenceOf) };
}

function sentenceOf({ keyword, params, instancePath, data, parentSchema }: ErrorObject): string {
  const key = instancePath.slice(1).replaceAll('/', '.');
  const { description = '', properties = {} } = (parentSchema ?? {}) as { description?: string; properties?: object };
  switch (keyword) {
    case 'required':
      return `lacks the key "${params['missingProperty']}".`;
    case 'additionalProperties':
      return `has the unknown key "${params['additionalProperty']}". Allowed: ${Object.keys(properties).join(', ')}.`;
    case 'anyOf':
    case 'oneOf':
      return description;
    case 'enum':
      return `has ${shown(data)} as "${key}". Allowed: ${(params['allowedValues'] as readonly unknown[]).map(shown).join(' or ')}.`;
    case 'type':
      return instancePath === ''
        ? `is ${shown(data)}, not an object. Write {"trajectory": …, "criterion": …, "label": …, "rater": …, "source": …}.`
        : `has ${shown(data)} as "${key}", not a ${params['type']}. ${description}`.trimEnd();
    default:
      return `has ${shown(data)} as "${key}". ${description}`.trimEnd();
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const labelOf = (value: LabelLine, line: number): Label => ({
  trajectory: value.trajectory ?? null,
  task: value.task ?? null,
  criterion: value.criterion,
  score: value.label ?? value.score ?? 0,
  rater: value.rater,
  source: value.source,
  group: value.group ?? null,
  tags: value.tags ?? {},
  line,
});

function hashOf(labels: readonly Label[]): string {
  const lines = labels
    .map(({ trajectory, task, criterion, score, rater, source, group, tags }) => {
      const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([trajectory, task, criterion, score, rater, source, group, sorted]);
    })
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
