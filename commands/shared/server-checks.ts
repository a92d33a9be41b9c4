import { packageState, renewalOf, serverPackage } from '../../envs/processes/packages.ts';
import { offeringFault } from '../../envs/offering.ts';
import type { Probed } from '../../envs/processes/probe.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { askAnew, SERVER_WIDTH } from '../../envs/toolspaces.ts';

/** What came of starting one server of the catalogue. */
export interface ServerCheck {
  readonly name: string;
  /** Package and version; `null` where it is not offered here. */
  readonly source: string | null;
  readonly licence: string;
  readonly tools: number;
  readonly startMilliseconds: number;
  /** Why it does not work, as a sentence; undefined where it does. */
  readonly fault?: string;
}

/** Servers of the catalogue whose packages are there, or were once and are not whole. */
export const installedServers = (): readonly string[] =>
  serverNames.filter((name) => packageState(serverDefinition(name)) !== 'absent');

/** Starts servers of the catalogue that are installed, all anew, and compares the number of their tools with the pinned one. */
export function checkServers(names: readonly string[]): readonly ServerCheck[] {
  const faults = new Map(names.map((name) => [name, checkFault(name)]));
  const answers = askAnew(names.filter((name) => faults.get(name) === undefined));
  return names.map((name) => checkOf(name, answers[name] ?? { fault: faults.get(name) ?? 'It gave no answer.' }));
}

const checkFault = (name: string): string | undefined =>
  serverDefinition(name).listed
    ? `The server ${name} is listed and not run, so that there is nothing to start.`
    : offeringFault(name);

function checkOf(name: string, answer: Probed): ServerCheck {
  const definition = serverDefinition(name);
  const { licence = 'unknown', expectedTools } = definition;
  if ('fault' in answer) return { name, source: null, licence, tools: 0, startMilliseconds: 0, fault: answer.fault };
  const { list, startMilliseconds } = answer;
  const source = `${definition.package}@${serverPackage(definition).version}`;
  const tools = list.tools.length + list.quarantined.length;
  const [broken] = list.quarantined;
  const fault = broken
    ? `Its tool "${broken.name}" cannot be called, because ${broken.reason}.`
    : tools === expectedTools
      ? undefined
      : `It lists ${tools} tools, and its pinned version has ${expectedTools}. ${renewalOf(definition)}`;
  return { name, source, licence, tools, startMilliseconds, ...(fault === undefined ? {} : { fault }) };
}

/** A line for each server, the fault of those that do not work below it, and how many do. */
export function checksText(checks: readonly ServerCheck[]): string {
  const lines = checks.flatMap(({ name, source, licence, tools, startMilliseconds, fault }) => [
    source === null
      ? `${name.padEnd(SERVER_WIDTH)} FAULT`
      : `${name.padEnd(SERVER_WIDTH)} ${(fault === undefined ? 'works' : 'FAULT').padEnd(6)} ` +
        `${String(tools).padStart(3)} tools  started in ${(startMilliseconds / 1000).toFixed(2)} s  ` +
        `${licence.padEnd(10)}  ${source}`,
    ...(fault === undefined ? [] : [`${' '.repeat(SERVER_WIDTH)} ${fault}`]),
  ]);
  const works = checks.filter(({ fault }) => fault === undefined).length;
  return [...lines, `${works} of ${checks.length} servers work.`].join('\n');
}
