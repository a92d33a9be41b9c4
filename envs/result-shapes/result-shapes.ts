import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeclaredTool } from '../../core/declarations/declarations.ts';
import { shapeOf } from '../../core/declarations/shape.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { packageState, serverPackage } from '../processes/packages.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { serverDefinition } from '../server-list.ts';

/** What results of a server's tools looked like in one version of its package: JSON Schema by tool. */
export interface ServerShapes {
  readonly package: string;
  readonly version: string;
  readonly tools: Readonly<Record<string, JsonObject>>;
}

/** Made by `commands/figures/result-shapes.ts`. */
export const shapesFile = fileURLToPath(new URL('./shapes.json', import.meta.url));

/** By server of the catalogue. */
export const keptShapes = JSON.parse(readFileSync(shapesFile, 'utf8')) as Readonly<Record<string, ServerShapes>>;

/** What was seen of servers that are installed (server → tool → results), as it is kept. */
export const shapesOf = (
  seen: ReadonlyMap<string, ReadonlyMap<string, readonly Json[]>>,
): Readonly<Record<string, ServerShapes>> =>
  Object.fromEntries(
    [...seen].map(([server, results]) => {
      const definition = serverDefinition(server);
      const tools = [...results].sort(([one], [other]) => (one < other ? -1 : 1));
      return [
        server,
        {
          package: definition.package,
          version: serverPackage(definition).version,
          tools: Object.fromEntries(tools.map(([tool, values]) => [tool, shapeOf(values)])),
        },
      ];
    }),
  );

/** As they stand in the file, a line for each server. */
export function shapesText(shapes: Readonly<Record<string, ServerShapes>>): string {
  const lines = Object.entries(shapes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([server, kept]) => `${JSON.stringify(server)}:${JSON.stringify(kept)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

const declared = new WeakMap<Tool, DeclaredTool>();

/**
 * A tool with what its results look like in programs, where no output schema says so: of the catalogue's servers, whose results are text
 * and JSON in text, what calls gave in the version of the package that is used. Of others it is not known.
 */
export function withResultShape(tool: Tool): DeclaredTool {
  const known = declared.get(tool);
  if (known) return known;
  const shape = tool.outputSchema ? undefined : keptShape(tool);
  const made: DeclaredTool = shape ? { ...tool, resultShape: shape } : tool;
  declared.set(tool, made);
  return made;
}

/** A tool as it is shown under other names: its results look like those of the tool that it is, whatever is called alike. */
export function shownAs(tool: Tool, shown: Tool): DeclaredTool {
  const { resultShape } = withResultShape(tool);
  const made: DeclaredTool = resultShape ? { ...shown, resultShape } : shown;
  declared.set(made, made);
  return made;
}

/** What a tool's declaration says of its results, as JSON Schema. */
export const resultShapeOf = (tool: Tool): JsonObject | undefined =>
  tool.outputSchema ?? withResultShape(tool).resultShape;

function keptShape({ server, name }: Tool): JsonObject | undefined {
  const kept = keptShapes[server];
  if (!kept) return undefined;
  // A user's own server may have the name of one of the catalogue.
  const definition = serverDefinition(server);
  if (definition.own || definition.listed) return undefined;
  return isOfVersion(definition, kept) && Object.hasOwn(kept.tools, name) ? kept.tools[name] : undefined;
}

/** Whether a server is what these shapes are of. */
export const isOfVersion = (definition: ServerDefinition, { package: name, version }: ServerShapes): boolean =>
  definition.package === name && versionOf(definition) === version;

/** The same where a server that is added on request is played from a recording, and is not installed. */
function versionOf(definition: ServerDefinition): string | undefined {
  if (definition.onRequest) return definition.onRequest.version;
  return packageState(definition) === 'whole' ? serverPackage(definition).version : undefined;
}
