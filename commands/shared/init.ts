import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { modelOf } from '../../baselines/open-policies.ts';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import { UsageError } from '../../core/errors.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import { writeWhole, writing } from '../../core/record/files.ts';
import type { Tool } from '../../core/types.ts';
import { chooseOwnServers } from '../../envs/client-files/choice.ts';
import { serverRemarks, startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import openView from '../../envs/views/eager.ts';
import { type Drafter, draftTasks } from '../../suites/own-tasks/drafting/draft.ts';
import { exampleOf } from '../../suites/own-tasks/drafting/example.ts';
import { draftedFileText, type DraftedServer } from '../../suites/own-tasks/drafting/file-text.ts';
import { isToComplete } from '../../suites/own-tasks/gaps.ts';
import { tellConfinement } from './confinement.ts';
import { serversNamed } from './context-servers.ts';
import { gateWorkflow } from './gate-workflow.ts';
import { pricesFor, pricesOf } from './prices.ts';
import { print, shownPath, tell } from './printing.ts';

export interface InitOptions {
  readonly out: string;
  readonly workflow: string | false;
  readonly force?: true | undefined;
  readonly real?: true | undefined;
  readonly policy?: string | undefined;
  readonly drafts: number;
  readonly prices?: string | undefined;
  readonly ceilings: EndpointCeilings;
}

/** Where clients keep the servers of a folder. */
const usualFiles = ['mcp.json', '.mcp.json', '.vscode/mcp.json', '.cursor/mcp.json'];

/**
 * Writes a task file for servers and a workflow that plays it, and says what is to be done next. Nothing is written unless all can be.
 * Returns whether a model that was asked for tasks wrote one that could be kept. Throws `UsageError`.
 */
export async function writeTaskFile(words: readonly string[], options: InitOptions): Promise<boolean> {
  const { out, workflow, policy } = options;
  if (!/\.ya?ml$/i.test(out)) throw new UsageError(`${out} must end in .yaml: the task file is written as YAML.`);
  refuseExisting(options);
  const { file, named } = sourcesOf(words);
  const drafter = policy === undefined ? null : await drafterOf(policy, options);
  // The file's servers go before the catalogue's where drafts are played.
  chooseOwnServers({
    ...(file === undefined ? {} : { file: resolve(file) }),
    isReal: options.real === true,
    programs: {},
  });
  const servers = serversNamed(named);
  tellConfinement({ servers, heldOutServers: [] });
  const listed = listedOf(servers);
  const drafted = await draftedOf(listed, drafter);
  const tasks = drafted.flatMap((one) => one.tasks);
  if (tasks.length === 0)
    throw new UsageError(`None of ${servers.join(', ')} offers a tool, so there is nothing to make a task from.`);
  const examples = tasks.filter(isToComplete).length;
  const kept = tasks.length - examples;
  const from = file === undefined ? undefined : shownPath(resolve(file));
  const check = `npx toolstone tasks check ${shownPath(resolve(out))}${from === undefined ? '' : ` --servers ${from}`}`;
  const head = headOf({ from, policy: kept > 0 ? policy : undefined, check: examples > 0 ? check : undefined });
  write(out, draftedFileText(drafted, head));
  if (workflow !== false) write(workflow, gateWorkflow(shownPath(resolve(out)), from));
  const counts = [
    ...(kept > 0 ? [plural(kept, 'task', 'drafted and played')] : []),
    ...(examples > 0 ? [plural(examples, 'example', 'to be completed')] : []),
  ];
  print(`${out}: ${counts.join(', ')}.`);
  if (workflow !== false)
    print(`${workflow}: plays the tasks for each pull request; it needs the reference that gate --accept writes.`);
  print(`Next: ${check}`);
  return policy === undefined || kept > 0;
}

/** The comment at the top of the file. */
const headOf = (said: Readonly<Record<'from' | 'policy' | 'check', string | undefined>>): string[] => [
  `Made by toolstone init${said.from === undefined ? '' : ` from ${said.from}`}. Toolstone's docs/own-tasks.md says what a task may hold.`,
  ...(said.policy === undefined
    ? []
    : [
        `Drafted by ${said.policy}; each plan was seen to pass. Read a task before you rely on it: does it ask for what matters to you?`,
      ]),
  ...(said.check === undefined ? [] : ['Replace each <TODO: …>. This command says what is left:', `  ${said.check}`]),
];

const plural = (count: number, noun: string, what: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'} ${what}`;

function refuseExisting({ out, workflow, force }: InitOptions): void {
  if (force) return;
  const there = [out, ...(workflow === false ? [] : [workflow])].filter((path) => existsSync(path));
  if (there.length === 0) return;
  const other = there.includes(out) ? '--out FILE' : '--workflow FILE, or none with --no-workflow';
  throw new UsageError(
    `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} already there. Name another file with ${other}, or overwrite with --force.`,
  );
}

/** A client's file, where the words name one or it lies in a usual place, and all of the words. */
function sourcesOf(words: readonly string[]): { readonly file: string | undefined; readonly named: readonly string[] } {
  const named = words.length > 0 ? words : usualFiles.filter((path) => existsSync(path)).slice(0, 1);
  if (named.length === 0)
    throw new UsageError(
      `There is no ${usualFiles.join(', ')} here. Name the configuration file of your MCP client, or servers from \`toolstone servers\`.`,
    );
  const files = named.filter((word) => /\.jsonc?$/.test(word));
  const other = named.find((word) => /\.(?:ya?ml|jsonl)$/.test(word));
  if (other !== undefined)
    throw new UsageError(
      `${other} is not the configuration file of an MCP client: name one in JSON, such as mcp.json.`,
    );
  if (files.length > 1)
    throw new UsageError(`Name one configuration file at a time: ${files.join(' and ')} need a task file each.`);
  return { file: files[0], named };
}

/** Tools of those that start; the others are named. Throws `UsageError` where none does. */
function listedOf(servers: readonly string[]): { readonly server: string; readonly tools: readonly Tool[] }[] {
  const faults = startFaults(servers);
  const started = servers.filter((server) => !faults.has(server));
  const sentences = [...faults.values()];
  if (started.length === 0)
    throw new UsageError(['No server started, so there is nothing to make a task from.', ...sentences].join('\n'));
  sentences.forEach(tell);
  started.flatMap(serverRemarks).forEach(tell);
  return started.map((server) => ({ server, tools: toolspaceOf([server]).tools }));
}

async function drafterOf(policy: string, { drafts, prices, ceilings }: InitOptions): Promise<Drafter> {
  const price = pricesFor([policy], pricesOf(prices), ceilings.totalMoney);
  const { client, sampling } = await modelOf(policy, { ceilings: { ...ceilings, prices: price } });
  return { chat: client.chat, sampling, count: drafts };
}

/** Each server's tasks: those of its drafts that are kept, else an example. What is dropped is said as it comes. */
async function draftedOf(listed: ReturnType<typeof listedOf>, drafter: Drafter | null): Promise<DraftedServer[]> {
  const options = { openView, carryOut: oracle, doNothing: noOp() };
  const drafted: DraftedServer[] = [];
  let stopped: string | undefined;
  for (const { server, tools } of listed) {
    const example = exampleOf(server, tools);
    const examples = example ? [example] : [];
    if (drafter === null || tools.length === 0 || stopped !== undefined) {
      if (stopped !== undefined) print(`Server ${server} was not asked for: ${stopped}.`);
      drafted.push({ server, tools, tasks: examples });
      continue;
    }
    tell(`Asking for ${drafter.count} tasks of server ${server}, and playing them …`);
    const taken = drafted.flatMap(({ tasks }) => tasks.map(({ id }) => id));
    const made = await draftTasks(server, tools, drafter, options, taken);
    [...made.dropped, ...made.remarks].forEach(print);
    stopped = made.stopped;
    drafted.push({ server, tools, tasks: made.kept.length > 0 ? made.kept : examples });
  }
  return drafted;
}

function write(path: string, text: string): void {
  writing(path, () => mkdirSync(dirname(path), { recursive: true }));
  writeWhole(path, text);
}
