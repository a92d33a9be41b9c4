import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LocalModel, LocalSequence } from '../../core/models/llama-library.ts';
import type { ModelSource } from '../../core/models/llama.ts';
import type { Sampling } from '../../core/models/model-client.ts';

const specials = ['<bos>', '<end>'];
const [beginId, endId] = [0, 1] as const;
const firstCharacter = 10;

/** Special tokens, and one token per UTF-16 unit. */
export function idsOf(text: string): number[] {
  return text
    .split(/(<bos>|<end>)/)
    .flatMap((part) =>
      specials.includes(part)
        ? [specials.indexOf(part)]
        : part.split('').map((one) => one.charCodeAt(0) + firstCharacter),
    );
}

export const textOf = (ids: readonly number[]): string =>
  ids.map((id) => specials[id] ?? String.fromCharCode(id - firstCharacter)).join('');

export interface FakeModel extends ModelSource {
  readonly model: LocalModel;
  /** What went through the model: `open`, `close`, and each batch as text with what was held before it. */
  readonly calls: { readonly what: string; readonly text: string; readonly before: string }[];
  readonly samplings: Sampling[];
}

/** A model that writes what the script says of the text so far, one character per token, each with probability ½. */
export function fakeModel(
  write: (before: string) => string,
  { template = null, contextTokens = 8_192 }: { template?: string | null; contextTokens?: number } = {},
): FakeModel {
  const calls: FakeModel['calls'] = [];
  const samplings: Sampling[] = [];
  const open = async (room: number): Promise<LocalSequence> => {
    let held: number[] = [];
    calls.push({ what: 'open', text: String(room), before: '' });
    const append = (what: string, ids: readonly number[]) => {
      calls.push({ what, text: textOf(ids), before: textOf(held) });
      held.push(...ids);
      if (held.length > room) throw new Error(`${held.length} tokens where ${room} fit`);
    };
    return {
      contextTokens: room,
      evaluate: async (ids) => append('evaluate', ids),
      draw: async function* (ids, sampling) {
        samplings.push(sampling);
        append('draw', ids);
        for (const id of idsOf(write(textOf(held)))) {
          await nextTurn();
          yield { id, probability: 0.5, probabilityOf: (other) => (other === id ? 0.5 : 0.1) };
          append('draw', [id]);
        }
      },
      keep: async (count) => {
        held = held.slice(0, count);
      },
      close: async () => {
        calls.push({ what: 'close', text: '', before: textOf(held) });
      },
    };
  };
  const model: LocalModel = {
    template,
    begin: { id: beginId, text: '<bos>' },
    ends: ['<end>'],
    contextTokens,
    tokenize: idsOf,
    detokenize: textOf,
    isEnd: (id) => id === endId,
    open,
  };
  return { model, calls, samplings, check: async () => {}, load: async () => model };
}
