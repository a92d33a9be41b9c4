import { stemsOf } from '../../core/words.ts';
import { makeScalars } from './heads.ts';
import type { Question } from './network.ts';
import type { Finding } from './results.ts';
import type { ArgumentReach } from './schema.ts';
import type { Situation } from './situation.ts';
import { hasExtension, isNumber, spansOf } from './spans.ts';
import { makeText, type Text } from './text.ts';

/** What may be answered. Equal values are one candidate, so that log-probabilities are exact. */
export interface Answer {
  /** Empty for no answer. */
  readonly value: string;
  readonly text: Text;
  /** What it was found in; none for no answer and for several values together. */
  readonly finding: Finding | undefined;
  readonly isPart: boolean;
  readonly isSeveral: boolean;
}

const mostParts = 24;

const noAnswer: Answer = {
  value: '',
  text: makeText([{ role: 'source', words: ['none'] }]),
  finding: undefined,
  isPart: false,
  isSeveral: false,
};
const partText = makeText([{ role: 'source', words: ['part'] }]);
const severalText = makeText([{ role: 'source', words: ['several'] }]);
const pathText = makeText([{ role: 'source', words: ['part', 'path'] }]);

const dateTime = /\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?/g;
const numberStems = new Set(stemsOf('number count total sum many much figure amount'));
const fileStems = new Set(stemsOf('file path document'));

const flag = (condition: boolean): number => (condition ? 1 : 0);

/** Whether an answer may be put together, value by value. */
export const joinsValues = ({ prompt, memory }: Situation): boolean =>
  memory.reach === 'all' && prompt.answerClause?.wantsSeveral === true;

/**
 * No answer, and what results hold: their values, names and paths within the last one's lines, and lists where asked for.
 * Where the prompt asks for nothing no answer is all there is: nothing would tell a learner not to drift into chatter.
 * `given`: values that the answer has already; then the first candidate means that it is whole.
 */
export function answersOf({ prompt, memory }: Situation, given: readonly Answer[] = []): Answer[] {
  if (!prompt.answerClause) return [noAnswer];
  const byValue = new Map<string, Answer>([['', noAnswer]]);
  const put = (answer: Answer) => {
    if (!byValue.has(answer.value)) byValue.set(answer.value, answer);
  };
  for (const finding of memory.findings) put({ ...noAnswer, value: finding.value.trim(), text: finding.text, finding });
  const fresh = memory.findings.slice(0, memory.fresh);
  const parts = fresh.flatMap((finding) => partsOf(finding.value, memory.reach).map((value) => ({ finding, value })));
  for (const { finding, value } of parts.slice(0, mostParts))
    put({ value, text: hasExtension(value) ? pathText : partText, finding, isPart: true, isSeveral: false });
  if (prompt.answerClause.wantsSeveral && given.length === 0)
    for (const value of listsOf(memory.findings, fresh, prompt.answerClause.stems))
      put({ value, text: severalText, finding: undefined, isPart: false, isSeveral: true });
  for (const { value } of given) byValue.delete(value);
  return [...byValue.values()];
}

/** Names, paths, numbers and dates in a longer text, and names of files without their folders. */
function partsOf(text: string, reach: ArgumentReach): string[] {
  const found = [...text.matchAll(dateTime)].map(([match]) => match);
  const spans = spansOf(text).map(({ value }) => value);
  const names = reach === 'all' ? spans.filter(hasExtension).map((path) => path.slice(path.lastIndexOf('/') + 1)) : [];
  return [...found, ...spans, ...names].filter((value) => value !== text);
}

/** Values to be answered together, one a line: all that answer quoted keys, in order of finding, and all of an asked-for name. */
function listsOf(findings: readonly Finding[], fresh: readonly Finding[], clauseStems: ReadonlySet<string>): string[] {
  const names = [...new Set(fresh.map(({ name }) => name))].filter((name) =>
    stemsOf(name).some((stem) => clauseStems.has(stem)),
  );
  const groups = [
    findings.filter(({ answers }) => answers === 1).toReversed(),
    ...names.slice(0, 3).map((name) => fresh.filter((one) => one.name === name)),
  ];
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ value }) => value.trim()).join('\n'));
}

/** What to answer on finishing; candidate 0 is no answer, or none besides those given. */
export function answerQuestion(
  situation: Situation,
  candidates: readonly Answer[],
  given: readonly Answer[] = [],
): Question {
  const { prompt, memory } = situation;
  const { answerClause } = prompt;
  const joins = joinsValues(situation);
  const next = joins ? nextKey(memory.findings, given) : undefined;
  const { values, set } = makeScalars('answer', candidates.length);
  const wantsNumber = [...numberStems].some((stem) => answerClause?.stems.has(stem));
  const wantsFile = [...fileStems].some((stem) => answerClause?.stems.has(stem));
  candidates.forEach(({ value, finding, isPart, isSeveral }, i) => {
    if (value === '') {
      set(i, given.length === 0 ? 'none' : 'no further value', 1);
      set(i, 'no further value: every quoted key is answered', flag(given.length > 0 && next === undefined));
      return;
    }
    set(i, 'its key is quoted next', flag(!isPart && next !== undefined && finding?.key === next));
    const isAnswer = !isPart && finding?.answers === 1;
    const isBeside = finding?.isBesideMention === true;
    set(i, 'answers a quoted key', flag(isAnswer));
    const isNamed = finding !== undefined && stemsOf(finding.name).some((stem) => answerClause?.stems.has(stem));
    set(i, 'key is named where the answer is asked for', flag(isNamed && !isPart));
    set(i, 'beside a value of the prompt', flag(isBeside));
    set(i, 'answers a quoted key beside a value of the prompt', flag(isAnswer && isBeside));
    const place = finding ? memory.findings.indexOf(finding) : -1;
    set(i, 'from the last result', flag(place >= 0 && place < memory.fresh));
    set(i, 'first of its result', flag(place === 0));
    set(i, 'repeats the prompt', flag(prompt.values.has(value.toLowerCase())));
    set(i, 'used by a successful call', flag(memory.usedValues.has(value)));
    set(i, 'echoes the call or reports a status', flag(finding?.isStatus === true && !isPart));
    set(i, 'number', flag(isNumber(value)));
    set(i, 'no number where a number is asked for', flag(wantsNumber && !isNumber(value)));
    set(i, 'file extension where a file is asked for', flag(wantsFile && hasExtension(value)));
    set(i, 'part of a line', flag(isPart));
    set(i, 'several values', flag(isSeveral));
    set(i, 'several values where several are asked for', flag(isSeveral && answerClause?.wantsSeveral === true));
    set(i, 'one value where several are asked for', flag(!joins && !isSeveral && answerClause?.wantsSeveral === true));
  });
  const query = [answerClause?.text ?? prompt.nothing];
  return { head: 'answer', query, candidates: candidates.map(({ text }) => text), scalars: values };
}

/** Which of the prompt's mentions is the first key that has a value and has not been answered. */
function nextKey(findings: readonly Finding[], given: readonly Answer[]): number | undefined {
  const answered = new Set(given.map(({ finding }) => finding?.key));
  const open = findings.filter(({ answers, key }) => answers === 1 && !answered.has(key)).map(({ key }) => key);
  return open.length === 0 ? undefined : Math.min(...open);
}

/** Whether two answers say the same: white space around them and what parts the values of a list do not count. */
export const isSameAnswer = (one: string, other: string): boolean => plainAnswer(one) === plainAnswer(other);

/** An answer's values, one a line, however they were parted. */
export const plainAnswer = (text: string): string => text.trim().replaceAll(/\s*\n\s*|,\s+/g, '\n');
