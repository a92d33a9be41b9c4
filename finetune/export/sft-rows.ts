import { taskIdParts } from '../../core/task-id.ts';
import { UsageError } from '../../core/errors.ts';
import { eachRecord, readSystems, trajectoryFile } from '../../core/record/run-files.ts';
import { earnedIn } from '../../core/run/reward-source.ts';
import { keyText, type ScoredTrajectory, type Turn } from '../../core/trajectory.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MetaTool } from '../../core/types.ts';

/** One stored episode as a trainer reads it. Void episodes make none. */
export interface SftRow {
  /** Key of the episode. */
  readonly episode: string;
  readonly task: string;
  readonly family: string;
  /** Hash of the system prompt: of episodes with the same one, the same tools were shown by the same names. */
  readonly system: string;
  /** Null where only a judge can tell. */
  readonly verified: boolean | null;
  readonly properFinish: boolean | null;
  /** Null where it could not be scored. */
  readonly reward: number | null;
  /** Where the engine recorded what it read and drew; `labels` is −100 for every id that it did not draw. */
  readonly ids?: { readonly input_ids: readonly number[]; readonly labels: readonly number[] };
  /** For those without ids: what a chat template renders. Assistant turns are the policy's. */
  readonly conversation?: { readonly messages: readonly JsonObject[]; readonly tools: readonly JsonObject[] };
}

export interface SftOptions {
  /** Folder of a run. */
  readonly run: string;
  readonly reward: RewardName;
  readonly offered: OfferedTools;
}

/** The functions that the policy of a stored episode was offered. */
export type OfferedTools = (episode: Pick<ScoredTrajectory, 'key' | 'view' | 'execution'>) => readonly MetaTool[];

/** What trainers pass over in labels. */
const masked = -100;

/** Every episode of a run that is not void, in the order of its file. Throws `UsageError` for a run without episodes. */
export function sftRows({ run, reward, offered }: SftOptions): SftRow[] {
  const systems = readSystems(run);
  const rows: SftRow[] = [];
  eachRecord(run, trajectoryFile, (episode) => {
    if (episode.outcome.kind === 'failed' || episode.turns.length === 0) return;
    const system = systems.get(episode.system);
    if (system === undefined) throw new UsageError(`${run} lacks a system prompt of its episodes in systems.jsonl.`);
    rows.push({
      episode: keyText(episode.key),
      task: episode.key.task,
      family: taskIdParts(episode.key.task).family,
      system: episode.system,
      verified: episode.success?.verified ?? null,
      properFinish: episode.success?.properFinish ?? null,
      reward: earnedIn(reward, episode),
      ...(idsOf(episode.turns) ?? {
        conversation: { messages: messagesOf(system, episode), tools: toolsOf(offered(episode)) },
      }),
    });
  });
  if (rows.length === 0) throw new UsageError(`${run} holds no episode to export. Give the folder of a finished run.`);
  return rows;
}

/** The same list for the same functions, of which episodes have many. */
const lists = new WeakMap<readonly MetaTool[], readonly JsonObject[]>();

function toolsOf(metaTools: readonly MetaTool[]): readonly JsonObject[] {
  const known = lists.get(metaTools);
  if (known) return known;
  const tools = metaTools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }));
  lists.set(metaTools, tools);
  return tools;
}

function idsOf(turns: readonly Turn[]): Pick<SftRow, 'ids'> | undefined {
  const captures = turns.flatMap(({ capture }) => capture ?? []);
  if (captures.length < turns.length) return undefined;
  return {
    ids: {
      input_ids: captures.flatMap(({ prompt, output }) => [...prompt, ...output]),
      labels: captures.flatMap(({ prompt, output }) => [...prompt.map(() => masked), ...output]),
    },
  };
}

function messagesOf(system: string, { prompt, turns }: ScoredTrajectory): JsonObject[] {
  let count = 0;
  const exchanges = turns.flatMap(({ calls, user }): JsonObject[] => {
    // The policy wrote a program, and not the calls that it made.
    const numbered = calls
      .filter(({ isInside }) => !isInside)
      // Where tools are functions, the record says beside what was meant what the policy wrote.
      .map(({ action, written = action, observation }) => ({ action: written, observation, id: `call_${count++}` }));
    return [
      {
        role: 'assistant',
        content: '',
        tool_calls: numbered.map(({ id, action }) => ({
          id,
          type: 'function',
          function: { name: action.name, arguments: action.arguments },
        })),
      },
      ...numbered.map(({ id, action, observation }) => ({
        role: 'tool',
        name: action.name,
        tool_call_id: id,
        content: observation.text,
      })),
      ...(user === undefined ? [] : [{ role: 'user', content: user }]),
    ];
  });
  return [{ role: 'system', content: system }, { role: 'user', content: prompt }, ...exchanges];
}
