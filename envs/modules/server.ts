import type { JsonObject } from '../../core/json.ts';
import type { PartShape } from '../../core/own-module.ts';

/** One tool of a `ModuleServer`. */
export interface ModuleTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly inputSchema: JsonObject;
  /** Text of its result; what it throws is told to the policy as the tool's own failure. `folder` is where its files belong. */
  readonly call: (args: JsonObject, folder: string) => string | Promise<string>;
}

/** Default export of a module that a task file names as the `module` of a server. Its state is the files below its folder. */
export interface ModuleServer {
  readonly tools: readonly ModuleTool[];
}

export const serverShape: PartShape = {
  keys: { tools: 'list' },
  example: '`export default { tools: [{ name, description, inputSchema, call }] }`',
};

export const toolShape: PartShape = {
  keys: { name: 'text', description: 'text', inputSchema: 'map', call: 'function' },
  example: '`{ name, description, inputSchema, call }`',
};
