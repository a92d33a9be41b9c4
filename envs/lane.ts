import { WorldFailure } from '../core/errors.ts';
import type { Facts } from '../core/facts.ts';
import type { JsonObject } from '../core/json.ts';
import type { ToolResult, WorldParameters } from '../core/types.ts';
import { refusal } from './call-refusal.ts';
import { serverDefinition } from './server-list.ts';
import {
  callServer,
  cleanMemory,
  closeServer,
  evidenceOf,
  keepFolder,
  type LaneOptions,
  type LaneServer,
  openLaneServer,
  remake,
  resetServers,
  openToPrograms,
} from './lane-server.ts';
import type { ScriptFolder } from './processes/verifier-script.ts';

/** A folder with its own server processes; one episode at a time. */
export interface Lane {
  /** Puts every offered server into its start state; returns the hash over them, read back from disk. */
  readonly reset: (parameters: WorldParameters, seed: number) => Promise<string>;
  readonly call: (server: string, tool: string, args: JsonObject) => Promise<ToolResult>;
  readonly evidence: () => Promise<Facts>;
  /** Folders of the offered servers for a program that may change them. */
  readonly bare: () => readonly ScriptFolder[];
  /** A text that names real paths, as the record may hold it. */
  readonly outward: (text: string) => string;
  /** Ends processes that must not serve another episode. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function openLane(options: LaneOptions): Lane {
  const servers = new Map<string, LaneServer>();
  let offered: readonly LaneServer[] = [];
  let listed = new Map<string, ToolResult>();
  let preface = '';

  const serverNamed = (name: string): LaneServer => {
    const server = servers.get(name) ?? openLaneServer(options, serverDefinition(name));
    servers.set(name, server);
    return server;
  };
  return {
    reset: (parameters, seed) => {
      preface = resetLine(seed);
      const definitions = parameters.servers.map(serverDefinition);
      // Of servers that are not run there is neither folder nor process.
      offered = definitions.flatMap(({ name, listed: isListed }) => (isListed ? [] : [serverNamed(name)]));
      listed = new Map(definitions.flatMap(({ name, listed: one }) => (one ? [[name, one.answer] as const] : [])));
      return resetServers(offered, parameters, options);
    },
    call: async (name, tool, args) => {
      const answer = listed.get(name);
      if (answer) return answer;
      const server = offered.find(({ definition }) => definition.name === name);
      if (!server) throw new WorldFailure(`Server ${name} is not offered in this world`);
      return refusal(server, tool, args) ?? callServer(server, tool, args, preface, options);
    },
    evidence: async () => Object.fromEntries((await Promise.all(offered.map(evidenceOf))).flat()),
    bare: () => offered.map(openToPrograms),
    outward: (text) => offered.reduce((mapped, server) => server.paths.outward(mapped), text),
    settle: async () => {
      // What cannot be removed is told by the next reset.
      for (const server of offered) if (server.isDamaged) await remake(server).catch(() => undefined);
      for (const server of offered) keepFolder(server);
      for (const server of offered) if (server.mustRestart || server.undo.size > 0) await cleanMemory(server);
    },
    close: async () => {
      await Promise.all([...servers.values()].map(closeServer));
    },
  };
}

/** Heeded by the clock preload; a server that has none ignores it as an unknown notification. */
const resetLine = (seed: number) =>
  `{"jsonrpc":"2.0","method":"notifications/toolstone/reset","params":{"seed":${seed}}}\n`;
