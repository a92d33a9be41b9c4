import { isJsonObject } from '../../core/json.ts';
import { type ReadBlock, readBlock } from '../../envs/client-files/server-block.ts';
import type { Fault } from './shape.ts';

/** The blocks of `mcpServers` of whatever a task file holds, as far as they are maps. */
export function blocksOf(file: object): ReadonlyMap<string, ReadBlock> {
  const { mcpServers } = file as { readonly mcpServers?: unknown };
  if (!isJsonObject(mcpServers)) return new Map();
  return new Map(
    Object.entries(mcpServers).flatMap(([name, block]) =>
      isJsonObject(block) ? [[name, readBlock(block)] as const] : [],
    ),
  );
}

/** What is wrong with them, at its place. */
export const blockFaults = (blocks: ReadonlyMap<string, ReadBlock>): Fault[] =>
  [...blocks].flatMap(([name, { faults }]) =>
    faults.map(({ key, what }) => ({ path: ['mcpServers', name, ...(key === undefined ? [] : [key])], what })),
  );
