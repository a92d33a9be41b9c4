import { createHash } from 'node:crypto';
import type { ChatMessage } from '../../core/models/model-client.ts';
import type { JsonObject } from '../../core/json.ts';
import prompts from './prompts.json' with { type: 'json' };

/** What an answer to one criterion may be: `"yes"` or `"no"`, or a whole number from 0 to 10. */
export type Scale = 'yes-no' | 'ten';

/** One call of a judge: records of the same request, and criteria, each in the order shown. */
export interface Question {
  /** Texts made by `evidence`. */
  readonly records: readonly string[];
  /** Texts made by `criterionText`. */
  readonly criteria: readonly string[];
  readonly scale: Scale;
  /** The records are compared with each other, even if there is one. */
  readonly isGroup: boolean;
}

/** Names in the reply: criteria are `c1` …, records `t1` …; ids of ours never reach the model. */
export const criterionName = (index: number): string => `c${index + 1}`;
export const recordName = (index: number): string => `t${index + 1}`;

/** SHA-256 (hex) of the texts that make up every prompt. */
export const promptsHash = createHash('sha256').update(JSON.stringify(prompts)).digest('hex');

/** The record comes before the criteria: other criteria of it then find the longer part in the engine's cache. */
export function messagesOf({ records, criteria, scale, isGroup }: Question): ChatMessage[] {
  const shown = records.map((record, index) =>
    isGroup ? fill(prompts.records, { name: recordName(index), record }) : fill(prompts.record, { record }),
  );
  const list = criteria.map((text, index) => `${criterionName(index)}: ${text}`).join('\n');
  const closing = fill(prompts[scale][isGroup ? 'group' : 'one'], { form: formOf(records, criteria, scale, isGroup) });
  const about = shown.join('\n\n');
  const asked = `\n\n${[fill(prompts.criteria, { criteria: list }), closing].join('\n\n')}`;
  return [
    { role: 'system', content: prompts.system },
    { role: 'user', content: about + asked, common: about.length },
  ];
}

/** JSON Schema of the reply: every key required, in the order shown, and none besides. */
export function schemaOf({ records, criteria, scale, isGroup }: Question): JsonObject {
  const answer = scale === 'yes-no' ? { enum: ['yes', 'no'] } : { enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
  const one = objectSchema(
    criteria.map((_, index) => criterionName(index)),
    answer,
  );
  return isGroup
    ? objectSchema(
        records.map((_, index) => recordName(index)),
        one,
      )
    : one;
}

function formOf(records: readonly string[], criteria: readonly string[], scale: Scale, isGroup: boolean): string {
  const hole = scale === 'yes-no' ? '"yes" or "no"' : '0 to 10';
  const one = `{${criteria.map((_, index) => `"${criterionName(index)}": ${hole}`).join(', ')}}`;
  return isGroup ? `{${records.map((_, index) => `"${recordName(index)}": ${one}`).join(', ')}}` : one;
}

const objectSchema = (keys: readonly string[], value: JsonObject): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(keys.map((key) => [key, value])),
  required: keys,
  additionalProperties: false,
});

/** In one pass, so that nothing filled in is filled again. */
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
