import type { TokenSource } from '../run-types.ts';
import type { UnclearUsage } from '../usage.ts';
import type { Episode } from './episode-figures.ts';

/** Whose tokens a run's numbers are, in words; `~` where they are near the model's own and no more. */
export function tokensNamed(source: TokenSource | undefined): string {
  if (source === undefined) return "Tokens are counted with Qwen3's tokenizer and template.";
  const { tokenizer, template } = source;
  return template === 'own'
    ? `Tokens are counted with the tokenizer and template of ${tokenizer}.`
    : `~ Tokens are counted with the tokenizer of ${tokenizer} and Qwen3's template: close to the model's own counts.`;
}

/** What is to be known of a run's counts, a sentence each: first prompts that did not fit, and counts nobody can check. */
export default function countingNotes(episodes: readonly Episode[]): string[] {
  return [...overflowNotes(episodes), ...unclearNotes(episodes)];
}

const grouped = (number: number): string => number.toLocaleString('en');

/** Of each view, its longest first prompt that was too long. */
function overflowNotes(episodes: readonly Episode[]): string[] {
  const overflown = episodes.flatMap(({ view, overflow }) => (overflow ? [{ view, ...overflow }] : []));
  return [...Map.groupBy(overflown, ({ view }) => view)].map(([view, ones]) => {
    const { promptTokens, contextTokens } = ones.reduce((most, one) =>
      one.promptTokens > most.promptTokens ? one : most,
    );
    const failed =
      ones.length === 1 ? 'its episode has no turn and counts' : `${ones.length} episodes have no turn and count`;
    return (
      `The first prompt of the ${view} view has ${grouped(promptTokens)} tokens, more than the limit of ` +
      `${grouped(contextTokens)}: ${failed} as failed, with that size as peak context. Raise --context-tokens as far as ` +
      'the model allows, or choose a view that shows fewer tools at once.'
    );
  });
}

const whyUnclear: Readonly<Record<UnclearUsage, string>> = {
  unsaid: 'it reports none',
  partial: 'it seems to count only what it had not read before',
};

function unclearNotes(episodes: readonly Episode[]): string[] {
  const unclear = episodes.filter((episode) => episode.unclear !== null);
  const reasons = [...new Set(unclear.flatMap((episode) => episode.unclear ?? []))].map((why) => whyUnclear[why]);
  if (unclear.length === 0) return [];
  return [
    `In ${unclear.length} of ${episodes.length} episodes the endpoint's own counts cannot show whether it cut prompts: ` +
      `${reasons.join(', or ')}. No episode is void because of that; check that its context is long enough.`,
  ];
}
