import { defaultLimits } from '../../core/run/limits.ts';
import { countTokensInSlices, cutToTokens } from '../../core/tokens/qwen3.ts';
import { toolMessage } from '../../core/tokens/template.ts';
import { LONG_LETTERS, longText, longTextKinds, SHORT_LETTERS } from './long-texts.ts';
import { numberOfChild, type PerfComparison, type PerfGroup } from './measure.ts';

const MOST_TIMES = 150;
const MOST_MEGABYTES = 300;

/** What the ledger does with a result: counts it, and cuts it to its budget. */
export async function bookResult(text: string): Promise<void> {
  await countTokensInSlices(toolMessage(text));
  cutToTokens(text, defaultLimits.resultTokens, await countTokensInSlices(text));
}

/** A result of five million letters, of each kind of text beside one of a hundredth of it, and the memory that it takes. */
export const longResultPerf: PerfGroup = {
  name: 'long-results',
  open: async () => ({
    comparisons: longTextKinds.flatMap((kind) => [timeOf(kind), memoryOf(kind)]),
    close: async () => undefined,
  }),
};

function timeOf(kind: string): PerfComparison {
  let seed = 0;
  const side = (letters: number) => ({
    name: `${letters.toLocaleString('en')} letters`,
    sample: async () => {
      const text = longText(kind, letters, ++seed);
      const before = process.cpuUsage();
      await bookResult(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    },
  });
  return {
    what: `processor time of a long result, ${kind}`,
    unit: 'ms',
    ours: side(LONG_LETTERS),
    yardstick: side(SHORT_LETTERS),
    target: { of: 'ratio', atMost: MOST_TIMES },
  };
}

const memoryOf = (kind: string): PerfComparison => ({
  what: `memory of a long result, ${kind}`,
  unit: 'MB',
  ours: { name: `${LONG_LETTERS.toLocaleString('en')} letters`, sample: async () => megabytesOf(kind) },
  target: { of: 'ours', atMost: MOST_MEGABYTES },
  isCount: true,
});

const script = new URL('./long-result-child', import.meta.url);
const megabytesOf = (kind: string): number => numberOfChild(script, kind);
