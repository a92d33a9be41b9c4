import { readableText } from '../../core/visible-text.ts';
import type { EndRow, Failing, RunEnd } from './types.ts';

/** The run in JUnit's XML: a suite for each policy and split, in it a case for each task and repeat, void ones as errors. */
export function junitXml({ run, rows, failing }: RunEnd, tasksOf: (row: EndRow) => readonly string[]): string {
  const suites = rows.map((row) => suiteXml(row, tasksOf(row), failing));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(run)}">\n${suites.join('')}</testsuites>\n`;
}

function suiteXml(row: EndRow, tasks: readonly string[], failing: readonly Failing[]): string {
  const { policy, split, repeats } = row;
  const here = new Map(
    failing
      .filter((one) => one.policy === policy && one.split === split)
      .map((one) => [`${one.task} ${one.repetition}`, one]),
  );
  const count = (kind: Failing['kind']) => [...here.values()].filter((one) => one.kind === kind).length;
  const cases = tasks.flatMap((task) =>
    Array.from({ length: repeats }, (_, repetition) => {
      const name = repeats > 1 ? `${task} #${repetition + 1}` : task;
      const head = `    <testcase classname="${escaped(`${policy}.${split}`)}" name="${escaped(name)}"`;
      const fault = here.get(`${task} ${repetition}`);
      return fault ? `${head}>${faultXml(fault)}</testcase>\n` : `${head}/>\n`;
    }),
  );
  const counts = `tests="${tasks.length * repeats}" failures="${count('failed')}" errors="${count('void')}" skipped="${count('unplayed') + count('for a judge')}"`;
  return `  <testsuite name="${escaped(`${policy}, ${split}`)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

const tags = { failed: 'failure', void: 'error', unplayed: 'skipped', 'for a judge': 'skipped' } as const;

const faultXml = ({ kind, reason }: Failing): string => `<${tags[kind]} message="${escaped(reason)}"/>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Without what XML has no way to write. */
const escaped = (text: string): string =>
  readableText(text.toWellFormed())
    .replaceAll(/[\uFFFE\uFFFF]/g, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
