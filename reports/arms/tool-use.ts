import { loadedBy } from '../../core/loaded-tools.ts';
import { isFinalPhase } from '../../core/phase.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import type { Job, RecordedToolspace } from '../../core/run-types.ts';
import { inRealNames } from '../../core/aliases/recorded-names.ts';
import { callsOf, type Call, type ScoredTrajectory } from '../../core/trajectory.ts';
import { isFinal } from './arms.ts';

export type RecordedTool = RecordedToolspace['tools'][number];

/** What policies did with a tool, over the evaluated episodes of one arm and split that are not void. */
export interface ToolUse {
  readonly tool: RecordedTool;
  /** Times that its schema was loaded, which no view does that shows all of them at once. */
  loads: number;
  /** Calls that reached its server, and those of them that were answered with an error. */
  calls: number;
  errors: number;
  /** Calls that did not reach it: the schema was not loaded, or did not fit. */
  refused: number;
  /** Parameter → refused calls in which it was wrong or missing; `arguments` where no parameter can be named. */
  readonly faults: Map<string, number>;
  /** Episodes of tasks that need it in which it was never called. */
  missed: number;
  /** Tools asked for in those episodes that their tasks do not need → episodes; names of no tool are among them. */
  readonly instead: Map<string, number>;
  /** Episodes of tasks that need it, void ones too. */
  readonly needing: readonly Episode[];
}

/** One policy in one view on one split. */
export interface ToolPart {
  readonly label: string;
  readonly split: string;
  /** Of every tool of the run, in the order of its servers. */
  readonly uses: readonly ToolUse[];
}

export const toolKey = ({ server, name }: Pick<RecordedTool, 'server' | 'name'>): string => `${server}.${name}`;

/** What tells a job's row from others, whichever tables it stands in. */
const labelOf = ({ rows, name }: Job): string => rows.views ?? rows.rewards ?? rows.algorithms ?? name;

/** Reads the records once more, by tool. Nothing where the run does not say which tools there were. */
export function toolParts(run: Run): ToolPart[] {
  const { toolspace, jobs } = run.manifest;
  if (toolspace === undefined) return [];
  const labels = new Map(jobs.map((job) => [job.name, labelOf(job)]));
  const parts = new Map<string, { part: ToolPart; byName: Map<string, ToolUse> }>();
  for (const [key, episodes] of Map.groupBy(
    run.episodes.filter(isFinal),
    ({ job, phase }) => `${labels.get(job)}\n${phase}`,
  )) {
    const [label = '', split = ''] = key.split('\n');
    const uses = toolspace.tools.map((tool) => useOf(tool, episodes, toolspace));
    parts.set(key, { part: { label, split, uses }, byName: new Map(uses.map((use) => [toolKey(use.tool), use])) });
  }
  eachRecord(run.folder, trajectoryFile, (recorded) => {
    const trajectory = inRealNames(recorded);
    const { job, phase } = trajectory.key;
    if (trajectory.success === null || !isFinalPhase(phase)) return;
    const uses = parts.get(`${labels.get(job)}\n${phase}`)?.byName;
    if (uses) count(trajectory, uses, toolspace.needs[trajectory.key.task] ?? []);
  });
  return [...parts.values()].map(({ part }) => part);
}

const useOf = (tool: RecordedTool, episodes: readonly Episode[], { needs }: RecordedToolspace): ToolUse => ({
  tool,
  loads: 0,
  calls: 0,
  errors: 0,
  refused: 0,
  faults: new Map(),
  missed: 0,
  instead: new Map(),
  needing: episodes.filter(({ task }) => needs[task]?.includes(toolKey(tool))),
});

function count(trajectory: ScoredTrajectory, uses: ReadonlyMap<string, ToolUse>, needed: readonly string[]): void {
  const asked = new Set<string>();
  const called = new Set<string>();
  for (const call of callsOf(trajectory)) {
    const { action, event } = call;
    for (const { server, tools } of loadedBy(event))
      for (const name of tools) {
        const use = uses.get(`${server}.${name}`);
        if (use) use.loads += 1;
      }
    const { server, tool } = action.arguments;
    if (action.name !== 'call_tool' || typeof server !== 'string' || typeof tool !== 'string') continue;
    const key = `${server}.${tool}`;
    asked.add(key);
    if (event.kind === 'called') called.add(key);
    const use = uses.get(key);
    if (use) countCall(use, call);
  }
  const others = [...asked].filter((key) => !needed.includes(key));
  for (const key of needed) {
    const use = uses.get(key);
    if (!use || called.has(key)) continue;
    use.missed += 1;
    others.forEach((other) => addTo(use.instead, other));
  }
}

function countCall(use: ToolUse, { event, observation }: Call): void {
  if (event.kind === 'called') {
    use.calls += 1;
    if (observation.isError) use.errors += 1;
  } else if (event.kind === 'refused') {
    use.refused += 1;
    faultyParameters(use.tool, observation.text).forEach((name) => addTo(use.faults, name));
  }
}

const addTo = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/**
 * Parameters that a refusal finds fault with, once each, out of the sentence that the policy was shown:
 * `NAME was not called: path must be string; arguments must have required property 'text'.`
 */
function faultyParameters({ name, inputSchema }: RecordedTool, text: string): Set<string> {
  const begin = `${name} was not called: `;
  if (!text.startsWith(begin)) return new Set();
  const { properties } = inputSchema;
  const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  // The longest first, should one be the beginning of another.
  known.sort((a, b) => b.length - a.length);
  const parameters = text
    .slice(begin.length)
    .split('; ')
    .flatMap((fault) => {
      const own = known.find((one) => fault.startsWith(`${one} `) || fault.startsWith(`${one}.`));
      if (own !== undefined) return [own];
      if (!fault.startsWith('arguments ')) return [];
      const [, missing] = /^arguments must have required property '(.*)'/s.exec(fault) ?? [];
      const [, strange] = /^arguments must NOT have additional properties: "(.*)"/s.exec(fault) ?? [];
      return [missing ?? strange ?? 'arguments'];
    });
  return new Set(parameters);
}
