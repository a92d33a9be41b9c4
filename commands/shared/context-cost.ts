import { wordsOf } from '../../baselines/text/ranking.ts';
import { UsageError } from '../../core/errors.ts';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import { describeServer, serverRemarks, startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import { offeredServers } from '../../envs/offering.ts';
import { serverNames } from '../../envs/server-list.ts';
import { type ContextCost, countServers, type CostOptions } from '../../reports/context/cost.ts';
import { findingsOf } from '../../reports/context/findings.ts';
import { tellConfinement } from './confinement.ts';
import { serversNamed } from './context-servers.ts';
import { firstPrompts } from './first-prompts.ts';
import { tell } from './printing.ts';

type Options = Pick<CostOptions, 'form' | 'names'> & {
  readonly tokenizer?: string | undefined;
  readonly alike: number;
};

/** Starts servers, asks them for their tools, and counts. Those that do not start are named. Throws `UsageError`. */
export async function costOf(
  wanted: readonly string[],
  { tokenizer, alike, form, names }: Options,
): Promise<ContextCost> {
  const counter = tokenizer === undefined ? qwen3Counter : openTokenCounter(tokenizer);
  const servers = wanted.length === 0 ? serversHere() : serversNamed(wanted);
  tellConfinement({ servers, heldOutServers: [] });
  const faults = startFaults(servers);
  const started = servers.filter((server) => !faults.has(server));
  const notStarted = [...faults].map(([server, why]) => ({ server, why }));
  if (started.length === 0 && notStarted.length > 0)
    throw new UsageError(`No server started.\n${notStarted.map(({ why }) => why).join('\n')}`);
  const toolspace = toolspaceOf(started);
  const listed = toolspace.servers.map(({ name, instructions }) => ({
    name,
    package: describeServer(name).package,
    tools: toolspace.tools.filter(({ server }) => server === name),
    ...(instructions === undefined ? {} : { instructions }),
  }));
  return {
    version: 1,
    ...countServers(listed, { counter, form, names }),
    views: await firstPrompts(toolspace, counter),
    findings: findingsOf(toolspace.tools, { alike, wordsOf, remarks: started.flatMap(serverRemarks) }),
    notStarted,
  };
}

/** The whole catalogue, as far as this machine has it. */
function serversHere(): readonly string[] {
  const here = offeredServers();
  const missing = serverNames.filter((name) => !here.includes(name));
  if (missing.length > 0)
    tell(`Not counted, since they are not installed or not offered here: ${missing.join(', ')} (toolstone servers).`);
  return here;
}
