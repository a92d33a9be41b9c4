import type { JsonObject } from '../json.ts';
import { callsOf, type Outcome, type Turn } from '../trajectory.ts';
import type { EndedEpisode } from '../goal-types.ts';

/** What an episode came to, as far as scripts and verifiers of tasks are told beside the world that it left. */
export function endedEpisode(prompt: string, turns: readonly Turn[], outcome: Outcome): EndedEpisode {
  const calls = callsOf({ turns }).filter(({ event }) => event.kind === 'called');
  return {
    prompt,
    answer: outcome.kind === 'terminated' ? outcome.answer : null,
    calls: calls.map(({ action, event, observation }) => ({
      server: event.server,
      tool: event.tools[0] ?? '',
      arguments: (action.arguments['arguments'] ?? {}) as JsonObject,
      result: observation.text,
      isError: observation.isError,
    })),
  };
}
