import type { ToolsOfServer, ViewEvent } from './view-types.ts';

/** The tools whose schemas an event brought into the context, by server; none of an event of another kind. */
export const loadedBy = ({ kind, server, tools, others = [] }: ViewEvent): readonly ToolsOfServer[] =>
  kind === 'loaded' ? [{ server, tools }, ...others] : [];
