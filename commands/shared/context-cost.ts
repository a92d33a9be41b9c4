import { declarationsOf } from '../../core/declarations/declarations.ts';
import { wordsOf } from '../../core/ranking.ts';
import { UsageError } from '../../core/errors.ts';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import { withResultShape } from '../../envs/result-shapes/result-shapes.ts';
import { describeServer, serverRemarks, startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import { catalogueHere } from '../../envs/offering.ts';
import { serverNames } from '../../envs/server-list.ts';
import { type ContextCost, countServers, type CostOptions } from '../../reports/context/cost.ts';
import { findingsOf } from '../../reports/context/findings.ts';
import { forms } from '../../reports/context/forms.ts';
import { count } from '../../reports/html/table.ts';
import { tellConfinement } from './confinement.ts';
import { serversAmongDistractors } from './distractors.ts';
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
  const counter = counterOf(tokenizer);
  const { toolspace, notStarted } = startedOf(wanted);
  const tools = toolspace.tools.map(withResultShape);
  const listed = toolspace.servers.map(({ name, instructions }) => ({
    name,
    package: describeServer(name).package,
    tools: tools.filter(({ server }) => server === name),
    ...(instructions === undefined ? {} : { instructions }),
  }));
  const remarks = toolspace.servers.flatMap(({ name }) => serverRemarks(name));
  return {
    version: 1,
    ...countServers(listed, { counter, form, names }),
    views: await firstPrompts(toolspace, counter),
    findings: findingsOf(toolspace.tools, { alike, wordsOf, remarks }),
    notStarted,
  };
}

/**
 * Tools as TypeScript declarations, below a comment that compares their tokens with those of the form, and says how many of them tell
 * what results look like. Servers that do not start are named. Throws `UsageError`.
 */
export function declaredTools(
  wanted: readonly string[],
  { tokenizer, form }: Pick<Options, 'tokenizer' | 'form'>,
): Pick<ContextCost, 'notStarted'> & { readonly text: string } {
  const counter = counterOf(tokenizer);
  const { toolspace, notStarted } = startedOf(wanted);
  const { servers } = toolspace;
  const tools = toolspace.tools.map(withResultShape);
  const withoutResults = toolspace.tools.map(({ outputSchema: _outputSchema, ...tool }) => tool);
  const declared = forms.declarations.size(tools, counter);
  const results = declared - forms.declarations.size(withoutResults, counter);
  const ofResults = results === 0 ? '' : ` (${results} of them for what results look like)`;
  const written = forms[form].size(tools, counter);
  const share = written === 0 ? '' : ` (${(declared / written).toFixed(2)} of them)`;
  const subject = `${count(tools.length, 'tool')} of ${count(servers.length, 'server')}`;
  return {
    text: `// ${subject}: ${declared} tokens as declarations${ofResults}, ${written} in the form ${form}${share}.\n\n${declarationsOf(tools)}`,
    notStarted,
  };
}

const counterOf = (tokenizer: string | undefined) =>
  tokenizer === undefined ? qwen3Counter : openTokenCounter(tokenizer);

function startedOf(wanted: readonly string[]) {
  const servers = serversAmongDistractors(wanted.length === 0 ? serversHere() : serversNamed(wanted));
  tellConfinement({ servers, heldOutServers: [] });
  const faults = startFaults(servers);
  const notStarted = [...faults].map(([server, why]) => ({ server, why }));
  const started = servers.filter((server) => !faults.has(server));
  if (started.length === 0 && notStarted.length > 0)
    throw new UsageError(`No server started.\n${notStarted.map(({ why }) => why).join('\n')}`);
  return { toolspace: toolspaceOf(started), notStarted };
}

/** The whole catalogue, as far as this machine has it. */
function serversHere(): readonly string[] {
  const here = catalogueHere();
  const missing = serverNames.filter((name) => !here.includes(name));
  if (missing.length > 0)
    tell(`Not counted, since they are not installed or not offered here: ${missing.join(', ')} (toolstone servers).`);
  return here;
}
