import { declarationsOf } from '../../core/declarations/declarations.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import { isPermissive } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { resultShapeOf } from '../../envs/result-shapes/result-shapes.ts';
import { listing, serverDefinition, serverNames } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { inDeclarations, inSchemas } from '../../envs/view-parts/tool-form.ts';
import type { DeclaredTools } from '../../reports/tables/declaration-tokens.ts';

/** Servers that come with Toolstone: the same on every machine. */
export const runHere: readonly string[] = serverNames.filter((name) => !serverDefinition(name).onRequest);

/** Servers whose lists of tools come with Toolstone, but for those that run here. */
export const listedHere: readonly string[] = listedSources
  .filter((source) => isPermissive(source) && !runHere.includes(source.name))
  .map(({ name }) => name);

/** What the tools of each of these servers take; those on request are listed and not run. */
export const declaredServers = (servers: readonly string[]): readonly DeclaredTools[] =>
  listing(servers, () => servers.map(declaredServer));

function declaredServer(server: string): DeclaredTools {
  const toolspace = toolspaceOf([server]);
  const { tools } = toolspace;
  const among = { toolspace, loaded: [] };
  const declarations = qwen3Counter.count(inDeclarations.ofServer(tools, among));
  return {
    server,
    tools: tools.length,
    known: tools.filter((tool) => resultShapeOf(tool) !== undefined).length,
    schemas: qwen3Counter.count(inSchemas.ofServer(tools, among)),
    declarations,
    results: declarations - qwen3Counter.count(declarationsOf(tools).trimEnd()),
  };
}
