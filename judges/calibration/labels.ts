import { Ajv2020 } from 'ajv/dist/2020.js';
import { createHash } from 'node:crypto';
import type { Label, LabelSet } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { lineComplaint, parseLine, readText, type LineFault } from '../../core/record/checked-lines.ts';
import schema from './labels.schema.json' with { type: 'json' };

/** A line of a label file, as `labels.schema.json` says it. */
export interface LabelLine {
  readonly trajectory?: string;
  readonly task?: string;
  readonly criterion: string;
  /** `null`: a slot that nobody has filled in yet. */
  readonly label?: 0 | 1 | null;
  readonly score?: number;
  readonly rater: string;
  readonly source: Label['source'];
  readonly group?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const validate = new Ajv2020({ allErrors: true, verbose: true, logger: false }).compile<LabelLine>(schema);

const example = '{"trajectory": …, "criterion": …, "label": …, "rater": …, "source": …}';

/**
 * Reads a label file: JSON Lines, blank lines left out.
 * @throws UsageError that names every fault as `FILE:LINE: what is wrong`.
 */
export const readLabels = (path: string): LabelSet => parseLabels(readText(path, 'labels'), path);

/** The labels in a text; `file` is what faults call it. Throws `UsageError` like `readLabels`. */
export function parseLabels(text: string, file: string): LabelSet {
  const labels: Label[] = [];
  const faults: LineFault[] = [];
  const firstLines = new Map<string, number>();
  let open = 0;
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const read = parseLine(content, validate, example);
    if ('faults' in read) {
      faults.push(...read.faults.map((what) => ({ line, what })));
      continue;
    }
    if (read.value.label === null) {
      open += 1;
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
  if (faults.length > 0) throw lineComplaint(file, faults);
  if (labels.length === 0) {
    const cure =
      open === 0 ? 'It needs a line of JSON for each.' : `All its ${open} slots are open: write 0 or 1 for null.`;
    throw new UsageError(`${file} holds no labels. ${cure}`);
  }
  return labelSet(file, labels, open);
}

/** Labels with the hash by which they are known again; `open` slots have none yet. */
export const labelSet = (file: string, labels: readonly Label[], open: number): LabelSet => ({
  file,
  hash: hashOf(labels),
  labels,
  open,
});

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
