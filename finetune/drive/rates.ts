import type { TrainingParts } from '../../core/record/training-record.ts';

/** e.g. `reading 1041 tokens a second (3 s), drawing 42 (20 s), environment 1 s`; the costliest part first. */
export function ratesText(parts: TrainingParts): string {
  const all = Object.entries(parts).sort(([, one], [, other]) => other.seconds - one.seconds);
  let isFirst = true;
  return all
    .map(([name, { seconds, tokens }]) => {
      const took = `${seconds.toFixed(0)} s`;
      if (tokens === null || seconds === 0) return `${name} ${took}`;
      const unit = isFirst ? ' tokens a second' : '';
      isFirst = false;
      return `${name} ${(tokens / seconds).toFixed(0)}${unit} (${took})`;
    })
    .join(', ');
}
