import type { MetaTool } from '../core/types.ts';

/** Whether a view offers a meta-tool of that name that searches: `list_servers` does so only where its list comes in pages. */
export const takesQuery = (metaTools: readonly MetaTool[], metaTool: string): boolean =>
  metaTools.some(
    ({ name, inputSchema }) => name === metaTool && 'query' in ((inputSchema['properties'] ?? {}) as object),
  );
