import type { Policy, View } from '../types.ts';

/**
 * What of a view stands in every prompt of a policy's, as far as we know: which deferred functions a search of its endpoint's has added
 * only the endpoint knows.
 */
export function countedParts(
  { system, schemas, metaTools, functions }: View,
  { defersTools }: Policy,
): Pick<View, 'schemas' | 'metaTools'> {
  if (!defersTools || !functions) return { schemas, metaTools };
  return {
    schemas: schemas.filter(({ text }) => system.includes(text)),
    metaTools: metaTools.filter((tool) => functions.meant({ name: tool.name, arguments: {} }).name === tool.name),
  };
}
