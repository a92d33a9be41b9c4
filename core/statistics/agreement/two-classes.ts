/** What is true of one thing, and what a judge says of it. */
export interface Decision {
  readonly truth: boolean;
  readonly said: boolean;
}

/** How often each answer met each truth. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

function confusionOf(decisions: readonly Decision[]): Confusion {
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (const { truth, said } of decisions) {
    if (said) counts[truth ? 'truePositives' : 'falsePositives'] += 1;
    else counts[truth ? 'falseNegatives' : 'trueNegatives'] += 1;
  }
  return counts;
}

/** Share of what is true that the judge calls true; `null` where nothing is. */
export function sensitivity(decisions: readonly Decision[]): number | null {
  const { truePositives, falseNegatives } = confusionOf(decisions);
  return share(truePositives, truePositives + falseNegatives);
}

/** Share of what is false that the judge calls false; `null` where nothing is. */
export function specificity(decisions: readonly Decision[]): number | null {
  const { trueNegatives, falsePositives } = confusionOf(decisions);
  return share(trueNegatives, trueNegatives + falsePositives);
}

/** Mean of sensitivity and specificity: .5 for every judge whose answer does not depend on the thing judged. */
export function balancedAccuracy(decisions: readonly Decision[]): number | null {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusionOf(decisions);
  const found = share(truePositives, truePositives + falseNegatives);
  const refused = share(trueNegatives, trueNegatives + falsePositives);
  return found === null || refused === null ? null : (found + refused) / 2;
}

export function accuracy(decisions: readonly Decision[]): number | null {
  return share(decisions.filter(({ truth, said }) => truth === said).length, decisions.length);
}

/** Share of what is true. */
export function prevalence(decisions: readonly Pick<Decision, 'truth'>[]): number | null {
  return share(decisions.filter(({ truth }) => truth).length, decisions.length);
}

/** Accuracy of the best judge that always gives the same answer: the share of the larger class. */
export function constantAccuracy(decisions: readonly Pick<Decision, 'truth'>[]): number | null {
  const positives = prevalence(decisions);
  return positives === null ? null : Math.max(positives, 1 - positives);
}

/**
 * Cohen's κ (1960, doi:10.1177/001316446002000104): agreement beyond what the two shares of yes give by chance. `null`
 * where chance alone agrees always (both say the same of everything). At skewed prevalence it is low for good judges too:
 * read it beside prevalence, sensitivity and specificity. Own code: of the libraries at hand none has it.
 */
export function cohensKappa(decisions: readonly Decision[]): number | null {
  const n = decisions.length;
  if (n === 0) return null;
  const { truePositives: both, falsePositives, falseNegatives, trueNegatives: neither } = confusionOf(decisions);
  const [trues, yeses] = [both + falseNegatives, both + falsePositives];
  // In whole numbers as far as possible, so that certain agreement by chance is seen exactly.
  const byChance = trues * yeses + (n - trues) * (n - yeses);
  if (byChance === n * n) return null;
  return (n * (both + neither) - byChance) / (n * n - byChance);
}

/**
 * Krippendorff's α of decisions and truths as two raters (`krippendorffsAlpha` of nominal values, by counts): unlike κ it
 * takes both to draw from one distribution, so that a judge that says yes too often agrees less. `null` where all is equal.
 */
export function alphaOfDecisions(decisions: readonly Decision[]): number | null {
  const n = decisions.length;
  const { truePositives, falsePositives, falseNegatives } = confusionOf(decisions);
  const [unlike, yeses] = [falsePositives + falseNegatives, 2 * truePositives + falsePositives + falseNegatives];
  const expected = yeses * (2 * n - yeses);
  return expected === 0 ? null : 1 - ((2 * n - 1) * unlike) / expected;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
