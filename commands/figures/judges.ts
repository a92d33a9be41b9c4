// node commands/figures/judges.ts WORK OUT: what judges.sh measured in WORK, as figures.json and figures.md in OUT; judges
// that were measured before and are not in WORK keep their rows.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../../core/calibration-types.ts';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import { balancedAccuracy } from '../../core/statistics/agreement/two-classes.ts';
import clusteredEstimate from '../../core/statistics/clustered.ts';
import { toTerminal } from '../../core/terminal.ts';
import { keyText } from '../../core/trajectory.ts';

interface Figure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface Row {
  readonly judge: string;
  readonly labels: number;
  readonly tasks: number;
  readonly unusable: number;
  readonly balancedAccuracy: Figure | null;
  readonly sensitivity: Figure | null;
  readonly specificity: Figure | null;
  readonly areaUnderCurve: Figure | null;
  readonly accuracy: Figure | null;
  readonly constantAccuracy: Figure | null;
  readonly calibrationError: Figure | null;
  /** Balanced accuracy by what of a trajectory no training has seen, beside the task. */
  readonly parts: Readonly<Record<string, Figure | null>>;
  readonly criteria: Readonly<Record<string, Figure | null>>;
  /** Of one verdict: tokens of its share of the prompt and the reply, milliseconds. */
  readonly cost?: { readonly calls: number; readonly tokens: number; readonly milliseconds: number };
}

interface Figures {
  readonly rows: Record<string, Row>;
  /** Differences of balanced accuracy on the labels that both answered. */
  readonly differences: Record<string, Figure | null>;
}

const judges = ['tuned-criterion', 'tuned-all', 'untuned-criterion', 'untuned-all', 'ollama-all', 'embedded'];
const comparisons = [
  ['tuned-all', 'tuned-criterion'],
  ['untuned-all', 'untuned-criterion'],
  ['tuned-criterion', 'untuned-criterion'],
  ['tuned-criterion', 'embedded'],
] as const;

const [work = '', out = ''] = process.argv.slice(2);
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const readLines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
const isThere = (name: string) => existsSync(join(work, name, 'calibration.json'));

const short = (figure: Figure | null): Figure | null =>
  figure && { value: figure.value, low: figure.low, high: figure.high };

function rowOf(name: string): Row {
  const [calibration] = read(join(work, name, 'calibration.json')) as [Calibration];
  const { overall, stamp, counts, byTag, byCriterion } = calibration;
  const parts = Object.entries(byTag).filter(([tag]) => tag.startsWith('part='));
  const costs = join(work, name, 'costs.json');
  return {
    judge: stamp.name,
    labels: overall.items,
    tasks: overall.tasks,
    unusable: counts.verdicts - counts.scored,
    balancedAccuracy: short(overall.balancedAccuracy),
    sensitivity: short(overall.sensitivity),
    specificity: short(overall.specificity),
    areaUnderCurve: short(overall.areaUnderCurve),
    accuracy: short(overall.accuracy),
    constantAccuracy: short(overall.constantAccuracy),
    calibrationError: short(overall.calibrationError),
    parts: Object.fromEntries(
      parts.map(([tag, figures]) => [
        tag === 'part=train' ? 'nothing else' : tag.slice(5),
        short(figures.balancedAccuracy),
      ]),
    ),
    criteria: Object.fromEntries(
      Object.entries(byCriterion).map(([id, figures]) => [id, short(figures.balancedAccuracy)]),
    ),
    ...(existsSync(costs) ? { cost: costOf(read(costs) as Costs, counts.verdicts) } : {}),
  };
}

interface Costs {
  readonly calls: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly milliseconds: readonly number[];
}

const costOf = ({ calls, promptTokens, outputTokens, milliseconds }: Costs, verdicts: number) => ({
  calls,
  tokens: Math.round((promptTokens + outputTokens) / verdicts),
  milliseconds: Math.round(milliseconds.reduce((sum, one) => sum + one, 0) / verdicts),
});

/** Scores by trajectory and criterion. */
function scoresOf(name: string): Map<string, number> {
  const scores = new Map<string, number>();
  eachRecord(join(work, name, 'run'), trajectoryFile, ({ key, verdicts }) => {
    for (const verdict of verdicts)
      if (verdict.state === 'scored') scores.set(`${keyText(key)} ${verdict.criterion}`, verdict.score);
  });
  return scores;
}

interface PlantedLabel {
  readonly trajectory: string;
  readonly task: string;
  readonly criterion: string;
  readonly label: 0 | 1;
}

/** Balanced accuracy of the first less that of the second, by the same tasks. */
function differenceOf(first: string, second: string): Figure | null {
  const [a, b] = [scoresOf(first), scoresOf(second)];
  const labels = readLines(join(work, 'test', 'labels.jsonl')) as PlantedLabel[];
  const items = labels.flatMap((one) => {
    const place = `${one.trajectory} ${one.criterion}`;
    const [left, right] = [a.get(place), b.get(place)];
    if (left === undefined || right === undefined) return [];
    return [{ task: one.task, truth: one.label === 1, left: left >= 0.5, right: right >= 0.5 }];
  });
  return short(
    clusteredEstimate(items, (sample) => {
      const left = balancedAccuracy(sample.map(({ truth, left: said }) => ({ truth, said })));
      const right = balancedAccuracy(sample.map(({ truth, right: said }) => ({ truth, said })));
      return left === null || right === null ? null : left - right;
    }),
  );
}

const file = join(out, 'figures.json');
const before: Figures = existsSync(file) ? (read(file) as Figures) : { rows: {}, differences: {} };
const measured = Object.fromEntries(judges.filter(isThere).map((name) => [name, rowOf(name)]));
const compared = comparisons
  .filter((pair) => pair.every(isThere))
  .map(([first, second]) => [`${first} less ${second}`, differenceOf(first, second)] as const);
const figures: Figures = {
  rows: { ...before.rows, ...measured },
  differences: { ...before.differences, ...Object.fromEntries(compared) },
};

const number = (value: number) => value.toFixed(2).replace(/^(-?)0\./, '$1.');
const figureText = (figure: Figure | null | undefined) => {
  if (!figure) return '–';
  const { value, low, high } = figure;
  return low === null || high === null ? number(value) : `${number(value)} [${number(low)}, ${number(high)}]`;
};

const table = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...body].map((cells) => `| ${cells.join(' | ')} |`);

function markdown({ rows, differences }: Figures): string {
  const entries = judges.flatMap((name) => (rows[name] ? [[name, rows[name]] as const] : []));
  const [first] = entries.map(([, row]) => row);
  const lines = entries.map(([name, row]) => {
    const { balancedAccuracy: all, sensitivity, specificity, areaUnderCurve, calibrationError, cost } = row;
    const cells = [all, sensitivity, specificity, areaUnderCurve, calibrationError].map(figureText);
    const costs = cost ? [cost.tokens, cost.milliseconds].map(String) : ['–', '–'];
    return [name, String(row.labels), ...cells, ...costs];
  });
  const constant = ['constant answer', String(first?.labels ?? 0), '.50', '–', '–', '.50', '–', '0', '0'];
  const heads = ['', 'labels', 'balanced accuracy', 'sensitivity', 'specificity', 'AUC', 'ECE', 'tokens', 'ms'];
  const names = (of: (row: Row) => object) => [...new Set(entries.flatMap(([, row]) => Object.keys(of(row))))];
  const split = (of: (row: Row) => Readonly<Record<string, Figure | null>>) =>
    table(
      ['', ...entries.map(([name]) => name)],
      names(of).map((one) => [one, ...entries.map(([, row]) => figureText(of(row)[one]))]),
    );
  return [
    ...table(heads, [...lines, constant]),
    '',
    'Tokens and milliseconds of one verdict. By what no training has seen, beside the task:',
    '',
    ...split((row) => row.parts),
    '',
    'By criterion:',
    '',
    ...split((row) => row.criteria),
    '',
    'Differences of balanced accuracy, on the same labels:',
    '',
    ...table(
      ['', 'difference'],
      Object.entries(differences).map(([name, figure]) => [name, figureText(figure)]),
    ),
    '',
  ].join('\n');
}

writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
writeFileSync(join(out, 'figures.md'), markdown(figures));
toTerminal(process.stdout, markdown(figures));
