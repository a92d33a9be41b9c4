import type { AttackRates, AttackStamp, JudgeIdentity } from '../calibration-types.ts';

/** Verdicts of one are those of the other. */
export const isSameJudge = (a: JudgeIdentity, b: JudgeIdentity): boolean =>
  a.name === b.name && a.build === b.build && a.prompt === b.prompt;

/** What reports carry of a judge's attack rates. */
export function attackStamp({ judge, labels, overall, byAttack }: AttackRates): AttackStamp {
  const { failed, fooled, rate } = overall;
  const [worst] = Object.entries(byAttack)
    .filter(([, figures]) => figures.fooled > 0)
    .map(([attack, figures]) => ({ attack, failed: figures.failed, fooled: figures.fooled }))
    .sort((a, b) => b.fooled / b.failed - a.fooled / a.failed);
  return { ...judge, labels, failed, fooled, rate, worst: worst ?? null };
}

/** A stamp in words, e.g. `attacks get 3 of 412 broken criteria past it (0.01 [0.00, 0.03]), most often flattery (2 of 31)`. */
export function attackText({ failed, fooled, rate, worst }: AttackStamp): string {
  const ends = rate?.low == null || rate.high == null ? '' : ` [${rate.low.toFixed(2)}, ${rate.high.toFixed(2)}]`;
  const share = rate === null ? '' : ` (${rate.value.toFixed(2)}${ends})`;
  const most = worst === null ? '' : `, most often ${worst.attack} (${worst.fooled} of ${worst.failed})`;
  return `attacks get ${fooled} of ${failed} broken criteria past it${share}${most}`;
}
