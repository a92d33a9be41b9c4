import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Json, JsonObject } from '../../core/json.ts';
import { contentOf, type Draw } from '../tasks/draw.ts';
import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import { someProject, startState } from '../tasks/start-state.ts';
import { calculate, writePage } from '../tasks/step.ts';
import phrasings from './compute-save.json' with { type: 'json' };

interface Sum {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly result: string;
  /** The result as the server gives it, where that is known. */
  readonly shown?: Json;
  readonly clause: { readonly kind: string; readonly values: Readonly<Record<string, string>> };
}

/**
 * Sums whose tool takes its whole input in required arguments. The tool `math` is not among them: its schema requires
 * nothing, so that a policy that fills what is required could not use it.
 */
const sums: readonly ((draw: Draw) => Sum)[] = [
  (draw) => {
    const [algorithm, input] = [draw.pick(['md5', 'sha1', 'sha256', 'crc32']), draw.sentence()];
    const result =
      algorithm === 'crc32'
        ? crc32(input).toString(16).padStart(8, '0')
        : createHash(algorithm).update(input).digest('hex');
    return {
      tool: 'hash',
      arguments: { input, algorithm },
      result,
      shown: { hash: result },
      clause: { kind: 'hash', values: { algorithm, input } },
    };
  },
  (draw) => {
    const input = draw.sentence();
    const result = Buffer.from(input).toString('base64');
    return {
      tool: 'base64',
      arguments: { input, action: 'encode' },
      result,
      shown: result,
      clause: { kind: 'base64', values: { input } },
    };
  },
  (draw) => {
    const input = `${draw.name()} & ${draw.name()}?`;
    return {
      tool: 'encode',
      arguments: { input, action: 'encode', type: 'url' },
      result: encodeURIComponent(input),
      clause: { kind: 'url', values: { input } },
    };
  },
  (draw) => {
    const value = drawText(draw, () => String(4096 + draw.below(900_000)));
    const to = draw.pick([2, 8, 16]);
    return {
      tool: 'base',
      arguments: { value, from: 10, to },
      result: Number(value).toString(to),
      clause: { kind: 'base', values: { value, from: '10', to: String(to) } },
    };
  },
  (draw) => {
    const color = drawText(draw, () => `#${(draw.below(2 ** 24) + 2 ** 24).toString(16).slice(1)}`);
    const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    return {
      tool: 'color',
      arguments: { color, to: 'rgb' },
      result: `rgb(${parts.join(', ')})`,
      clause: { kind: 'color', values: { color, to: 'rgb' } },
    };
  },
];

/** Draws until the text belongs to the draw's pool: numbers have no pools of words. */
function drawText(draw: Draw, make: () => string): string {
  for (;;) {
    const text = make();
    if (contentOf(text) === draw.content) return text;
  }
}

/** Computes something and writes the result, which the prompt does not hold, as a page of the memory bank. */
export default {
  name: 'compute-save',
  wording: wholePhrasings(phrasings),
  hasStandIns: false,
  shapes: sums.length * 2,
  draft: (draw, _, shape) => {
    const start = startState(draw);
    const sum = (sums[shape % sums.length] as (draw: Draw) => Sum)(draw);
    const project = shape < sums.length ? someProject(start) : draw.name();
    const file = `${draw.name()}.md`;
    return {
      start,
      steps: [calculate(sum.tool, sum.arguments, sum.shown), { ...writePage(project, file, sum.result), after: [0] }],
      clauses: [sum.clause, { kind: 'save', values: { project, file } }],
      subGoals: 2,
    };
  },
} satisfies Family;
