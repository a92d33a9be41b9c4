import type { ChatTemplate } from '../../core/models/chat-template.ts';
import { formOf } from '../../core/models/llama-fill.ts';
import type { LocalModel } from '../../core/models/llama-library.ts';
import { makeTranscript } from '../../core/models/llama-transcript.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Criterion } from '../../core/reward-types.ts';
import { questionOf } from '../../judges/language/language-judge.ts';
import { messagesOf, schemaOf } from '../../judges/language/question.ts';
import type { Settings } from '../../judges/language/settings.ts';

/** One reply of a judge to learn from, as the ids that the engine reads and takes when it judges. */
export interface VerdictRow {
  /** Key of the episode; rows of one episode begin alike. */
  readonly episode: string;
  /** Ids of the criteria asked for, in their order. */
  readonly criteria: readonly string[];
  /** The words that are trained, in their order and without anything between them. */
  readonly trained: string;
  /** Up to the last trained id; `labels` is −100 wherever the judge has no choice, or shall not learn from it. */
  readonly ids: { readonly input_ids: readonly number[]; readonly labels: readonly number[] };
}

/** What is known of a criterion of an episode. */
export interface Truth {
  readonly criterion: Criterion;
  readonly isMet: boolean;
  /** Unlearned verdicts stand in a reply about several criteria, since those after them are read behind them. */
  readonly isLearned: boolean;
}

export interface Reader {
  readonly model: LocalModel;
  readonly template: ChatTemplate;
  readonly settings: Settings;
}

/** The replies about one episode: about all criteria with a known truth at once, and about each learned one by itself. */
export function rowsOf(
  episode: string,
  trajectory: Trajectory,
  truths: readonly Truth[],
  reader: Reader,
): VerdictRow[] {
  const learned = truths.filter(({ isLearned }) => isLearned);
  const alone = learned.map((one) => rowOf(episode, trajectory, [one], reader));
  // about one criterion alone, both would be the same
  return learned.length === 0 || truths.length === 1 ? alone : [rowOf(episode, trajectory, truths, reader), ...alone];
}

function rowOf(
  episode: string,
  trajectory: Trajectory,
  truths: readonly Truth[],
  { model, template, settings }: Reader,
): VerdictRow {
  const question = questionOf(
    [trajectory],
    truths.map(({ criterion }) => criterion),
    settings,
  );
  const ids = [...makeTranscript(model, template).next(messagesOf(question), []).prompt];
  const labels = ids.map(() => masked);
  const slots = formOf(schemaOf(question))?.slots ?? [];
  const words = truths.map(({ isMet }) => (isMet ? 'yes' : 'no'));
  for (const [index, { before }] of slots.entries()) {
    // in the pieces in which the engine fills in a form
    const fixed = model.tokenize(before);
    const word = model.tokenize(words[index] ?? '');
    ids.push(...fixed, ...word);
    labels.push(...fixed.map(() => masked), ...(truths[index]?.isLearned ? word : word.map(() => masked)));
  }
  const end = labels.findLastIndex((label) => label !== masked) + 1;
  return {
    episode,
    criteria: truths.map(({ criterion }) => criterion.id),
    trained: words.filter((_, index) => truths[index]?.isLearned).join(''),
    ids: { input_ids: ids.slice(0, end), labels: labels.slice(0, end) },
  };
}

/** What trainers pass over in labels. */
const masked = -100;
