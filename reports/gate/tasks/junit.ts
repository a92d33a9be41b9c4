import { readableText } from '../../../core/visible-text.ts';
import { type Markup, markup } from '../../markup.ts';
import { countText, type TasksGate } from './compare.ts';
import type { TaskOutcome } from './outcomes.ts';
import { shortName } from './record.ts';

/** A test case of JUnit's form. */
interface Case {
  readonly group: string;
  readonly name: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly text: string;
}

/**
 * A gate's word in JUnit's form: a case for each task, each thing that drifted, and the gate itself, which fails whenever the gate
 * is not green. A task that fails as it did in the reference is skipped, and a drift that is only told is, too.
 */
export default function gateJunit(gate: TasksGate, suite: string): string {
  const { verdict, reasons, outcomes, drift, driftCounts } = gate;
  const cases: Case[] = [
    ...outcomes.map(taskCase),
    ...drift.map(({ what, difference }): Case => ({
      group: 'drift',
      name: what,
      result: driftCounts ? 'failure' : 'skipped',
      text: difference.join('\n'),
    })),
    {
      group: 'gate',
      name: 'gate',
      result: verdict === 'pass' ? 'passed' : 'failure',
      text: reasons.join('\n'),
    },
  ];
  const count = (result: Case['result']) => cases.filter((one) => one.result === result).length;
  const counts = markup`tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const body = markup`<testsuites ${counts}><testsuite name="${clean(suite)}" ${counts}>${cases.map(caseMarkup)}</testsuite></testsuites>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body.toString()}\n`;
}

const results: Readonly<Record<TaskOutcome['kind'], Case['result']>> = {
  regressed: 'failure',
  void: 'error',
  failing: 'skipped',
  flaky: 'passed',
  mended: 'passed',
  steady: 'passed',
};

const taskCase = ({ id, kind, before, now, why }: TaskOutcome): Case => ({
  group: 'tasks',
  name: shortName(id),
  result: results[kind],
  text: `${kind}: ${countText(before)} in the reference, ${countText(now)} now${why === undefined ? '' : `. ${why}`}`,
});

function caseMarkup({ group, name, result, text }: Case): Markup {
  const inner =
    result === 'passed'
      ? markup`<system-out>${clean(text)}</system-out>`
      : result === 'skipped'
        ? markup`<skipped message="${clean(text)}"/>`
        : result === 'failure'
          ? markup`<failure message="${clean(text)}">${clean(text)}</failure>`
          : markup`<error message="${clean(text)}">${clean(text)}</error>`;
  return markup`<testcase classname="${`toolstone.${group}`}" name="${clean(name)}">${inner}</testcase>`;
}

/** XML holds no control characters, escaped or not, and no half of a pair. */
const clean = (text: string): string =>
  readableText(text)
    .toWellFormed()
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd');
