import { buildArguments, requiredLeaves, type ArgumentReach, type Leaf } from '../../baselines/pointer/schema.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { argumentFaults } from '../../envs/argument-check.ts';
import { listedToolList } from '../../envs/listed/kept-list.ts';
import { isPermissive } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import type { Table } from '../../reports/tables/table.ts';

const reaches: readonly ArgumentReach[] = ['required', 'all'];

/** Texts that a value without further terms may be asked to be: a schema that takes one of them can be met by pointing at words. */
const texts = ['text', 'https://example.org/a', '2026-01-05', '2026-01-05T09:00:00Z', 'a@example.org', '1', 'abcdefgh'];

/**
 * For how many tools of the kept lists the embedded policy can form arguments that their schema takes, by what it makes of a schema
 * (`pointer?arguments=…`). Values are of the right type and within their bounds; whether they mean anything is not asked.
 */
export function callableToolsTable(): Table {
  const tools = listedSources.filter(isPermissive).flatMap((source) => listedToolList(source).tools);
  const rows = reaches.map((reach) => {
    const callable = tools.filter(({ inputSchema }) => isCallable(inputSchema, reach)).length;
    return { arguments: reach, tools: tools.length, callable, not_callable: tools.length - callable };
  });
  return {
    name: 'callable-tools',
    title: 'Tools that the embedded policy can call',
    about:
      'Tools of the kept lists for which it can form arguments that the tool’s schema takes, by its setting `arguments` (docs/learners.md). ' +
      'Made by `node commands/figures/callable-tools.ts`.',
    columns: [
      { key: 'arguments', title: 'arguments', kind: 'text' },
      { key: 'tools', title: 'tools', kind: 'count' },
      { key: 'callable', title: 'callable', kind: 'count' },
      { key: 'not_callable', title: 'not callable', kind: 'count' },
    ],
    rows,
  };
}

const isCallable = (schema: JsonObject, reach: ArgumentReach): boolean => {
  const leaves = requiredLeaves(schema, reach);
  return texts.some((text) => {
    const values = leaves.map((leaf) => valueFor(leaf, text));
    return argumentFaults(schema, buildArguments(leaves, values)) === undefined;
  });
};

function valueFor({ type, values, least, most }: Leaf, text: string): Json {
  if (values.length > 0) return values[0] as Json;
  switch (type) {
    case 'number':
    case 'integer':
      return Math.min(most, Math.max(least, 1));
    case 'boolean':
      return true;
    case 'object':
      return {};
    default:
      return text;
  }
}
