import type { Suite } from '../core/types.ts';
import { grammarSplits, inGrammar } from './grammar/grammar.ts';
import { familiesNamed } from './tasks/family-list.ts';
import { suiteOf } from './tasks/suite-of.ts';
import type { Family } from './tasks/family.ts';

/** Sub-goals that are trained apart but never together, by the family's shape. */
const heldOutShapes: Readonly<Record<string, readonly number[]>> = {
  // A second task beside a file; a file that is written beside one that moves; an observation beside a relation.
  'board-tasks': [5],
  'file-notes': [4],
  'graph-facts': [4],
};

const withHeldOut = (family: Family): Family => ({ ...family, heldOutShapes: heldOutShapes[family.name] ?? [] });
const families = await familiesNamed('board-tasks', 'compute-save', 'file-notes', 'graph-facts', 'lookup-record');

/** The tasks of `basic` in words that were never heard: by a grammar, with words, frames, tones and slips held out. Frozen. */
export default suiteOf({
  name: 'basic-2',
  summary:
    'families of basic in hundreds of phrasings by a grammar; held-out words, frames, tones and slips of the fingers',
  splits: grammarSplits,
  families: families.map(withHeldOut).map(inGrammar),
  heldOutFamilies: (await familiesNamed('case-file')).map(inGrammar),
  servers: ['filesystem', 'memory', 'memory-bank', 'git', 'calc', 'time', 'dex-tasks', 'obsidian', 'everything'],
}) satisfies Suite;
