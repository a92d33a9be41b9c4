import type { Suite } from '../core/types.ts';
import { broadOptions } from './broad.ts';
import { grammarSplits, inGrammar } from './grammar/grammar.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** The tasks of `broad` in the words of the grammar, and the same held out as in `basic-2`. Frozen. */
export default suiteOf({
  ...broadOptions,
  name: 'broad-2',
  summary: 'all training families of broad in hundreds of phrasings by a grammar; everything that can be held out is',
  splits: grammarSplits,
  families: broadOptions.families.map(inGrammar),
  heldOutFamilies: broadOptions.heldOutFamilies.map(inGrammar),
}) satisfies Suite;
