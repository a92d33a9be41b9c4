import { tasksOfPhase } from '../../core/phase.ts';
import type { Run } from '../../core/record/read-run.ts';
import { namedArms, type NamedArm } from '../arms/named-arms.ts';
import { usualWidth } from '../tables/table-text.ts';
import { formatNumber } from '../tables/table.ts';
import { boundsOf, isCeiling, isUntrained, questionOf } from './question.ts';
import { viewTokens } from './view-tokens.ts';
import { nameText, scoredArm, shareText, splitOf, subjectOf, whoOf, type ScoredArm } from './scored-arm.ts';
import { aboutWidth, trainingText, verdictOf, type Verdict } from './verdict.ts';

/** What a run was made to find out, and how far it did. A sentence or two each. */
export interface Headline extends Verdict {
  readonly question: string;
  readonly answer: string;
  /** The arms that the question is about, the best first, and those that set its scale, on the split of the answer. */
  readonly split: string;
  readonly arms: readonly ScoredArm[];
  /** Which of the arms only set the scale, and which arms of the run are not among them; `null` where all are ranked. */
  readonly aside: string | null;
  /** Of a run in several views: in which one each policy needs the fewest tokens, a sentence each. */
  readonly tokens: readonly string[];
}

/** The headline of a run; `null` where no arm has a scored episode. */
export function headlineOf(run: Run): Headline | null {
  const arms = namedArms(run.manifest.jobs).all;
  const asked = questionOf(run, arms);
  const split = splitOf(run, asked.contenders.length > 0 ? asked.contenders : arms);
  const scored = (among: readonly NamedArm[]) => among.flatMap((arm) => scoredArm(run, arm, split));
  const contenders = scored(asked.contenders).toSorted((a, b) => b.success.value - a.success.value);
  const [leader, ...others] = contenders;
  if (!leader) return null;
  const bounds = scored(boundsOf(arms, asked.contenders, leader.arm));
  const shown = [...contenders, ...bounds];
  const question = asked.question(tasksOfPhase(split));
  const best = `${subjectOf(leader.arm)} solves ${shareText(leader.success)}`;
  const rest = { split, arms: shown, aside: asideText(bounds, arms, shown), tokens: viewTokens(run, split) };
  if (others.length === 0)
    return { question, answer: `${best}.${scaleText(bounds)}`, ...aboutWidth(leader, bounds), ...rest };
  const next = others[0] as ScoredArm;
  const answer = `${best}; next comes ${whoOf(next.arm)} with ${shareText(next.success)}.${scaleText(bounds)}`;
  const verdict = verdictOf(leader, others);
  const start = bounds.find(({ arm }) => arm.jobs.every(isUntrained));
  const training = start ? trainingText(leader, start, contenders.length, verdict.decision) : '';
  const decision = `${verdict.decision}${training}`;
  return { question, answer, ...verdict, decision, ...rest };
}

/** The headline in plain sentences, in lines of so many characters at most where no word is longer. */
export const headlineText = (
  {
    question,
    answer,
    decision,
    remedy,
    tokens = [],
  }: Pick<Headline, 'question' | keyof Verdict | 'answer'> & Partial<Pick<Headline, 'tokens'>>,
  width = usualWidth,
): string =>
  [question, answer, decision, ...(remedy === null ? [] : [remedy.replaceAll('`', '')]), ...tokens]
    .flatMap((sentence) => wrapped(sentence, width))
    .join('\n');

function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && line.length <= most) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}

/** What those reach that set the scale. */
function scaleText(bounds: readonly ScoredArm[]): string {
  const said = bounds.map(({ arm, success }) => {
    const why = arm.jobs.every(isCeiling)
      ? ' (it knows the reference plan)'
      : arm.jobs.every(isUntrained)
        ? ' (the same policy before training)'
        : '';
    return `${nameText(arm.name)} ${formatNumber(success.value, 'share')}${why}`;
  });
  return said.length === 0 ? '' : ` For scale: ${said.join(', ')}.`;
}

function asideText(
  bounds: readonly ScoredArm[],
  arms: readonly NamedArm[],
  shown: readonly ScoredArm[],
): string | null {
  const missing = arms.filter((arm) => !arm.jobs.every(isCeiling) && !shown.some((one) => one.arm === arm));
  const texts = [
    ...(bounds.length === 0 ? [] : [`Shown for scale and not ranked: ${namesOf(bounds.map(({ arm }) => arm))}.`]),
    ...(missing.length === 0 ? [] : [`Not part of this question, and shown below: ${namesOf(missing)}.`]),
  ];
  return texts.length === 0 ? null : texts.join(' ');
}

const namesOf = (arms: readonly NamedArm[]): string => arms.map(({ name }) => `“${name}”`).join(', ');
