/** What a tool's name says it does; `other` is what no word of it tells. */
export type Verb = 'looks' | 'makes' | 'changes' | 'removes' | 'moves' | 'other';

const verbWords: readonly (readonly [Verb, ReadonlySet<string>])[] = [
  ['removes', new Set(['delete', 'remove', 'drop', 'clear', 'erase', 'purge', 'unlink', 'cancel', 'rm'])],
  ['moves', new Set(['move', 'rename', 'relocate', 'mv'])],
  [
    'makes',
    new Set([
      'create',
      'write',
      'add',
      'insert',
      'new',
      'append',
      'tag',
      'commit',
      'branch',
      'init',
      'copy',
      'save',
      'put',
      'post',
      'send',
      'upload',
      'make',
      'book',
      'bulk',
      'register',
    ]),
  ],
  [
    'changes',
    new Set([
      'update',
      'edit',
      'set',
      'change',
      'replace',
      'modify',
      'patch',
      'complete',
      'execute',
      'reset',
      'checkout',
    ]),
  ],
];

/** Words of a name: `read_text-file` and `readTextFile` are `read text file`. */
export const nameWords = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** What tells a call's verb. */
interface Told {
  readonly tool: string;
  readonly texts: readonly string[];
  readonly isLookup: boolean;
  /** An argument says that something is to be deleted. */
  readonly hasDelete: boolean;
}

export function verbOf(call: Told): Verb {
  if (call.isLookup) return 'looks';
  if (call.hasDelete) return 'removes';
  const [statement = ''] = call.texts.filter((text) => /^\s*(?:insert|update|delete|create|drop|alter)\b/i.test(text));
  const sql = /^\s*(\w+)/.exec(statement)?.[1]?.toLowerCase();
  const words = [...(sql === undefined ? [] : [sql]), ...nameWords(call.tool)];
  for (const word of words) for (const [verb, known] of verbWords) if (known.has(word)) return verb;
  return 'other';
}
