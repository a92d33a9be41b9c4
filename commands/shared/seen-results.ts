import { sampleArguments } from '../../baselines/sample-arguments.ts';
import { WorldDamage, WorldFailure } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import type { Task, Tool, World, WorldPool } from '../../core/types.ts';
import { jsonInProgram } from '../../envs/programs/carry-out.ts';

/** What tools of servers gave, as programs get it: server → tool → results. */
export type SeenResults = Map<string, Map<string, Json[]>>;

/** Results after which a tool is not tried any more, and tries after which it is given up. */
const [ENOUGH, MOST_TRIES] = [6, 24];

/**
 * Carries out the reference plans of tasks, and then calls tools of their worlds of which little was seen with arguments drawn from
 * schema, prompt and plan. What fails is left out. The same for the same tasks.
 */
export async function seenResults(tasks: readonly Task[], pool: WorldPool): Promise<SeenResults> {
  const seen: SeenResults = new Map();
  const tries = new Map<Tool, number>();
  const broken = new Set<string>();
  for (const task of tasks)
    await pool.use(task.world, seedOf('result shapes', task.id), async (world) => {
      const random = randomStream(seedOf('result shapes', 'calls', task.id));
      const little = world.toolspace.tools.filter(
        (tool) =>
          (seen.get(tool.server)?.get(tool.name)?.length ?? 0) < ENOUGH &&
          (tries.get(tool) ?? 0) < MOST_TRIES &&
          !broken.has(`${tool.server} ${tool.name}`),
      );
      for (const tool of little) tries.set(tool, (tries.get(tool) ?? 0) + 1);
      const drawn = little.map((tool) => ({
        server: tool.server,
        tool: tool.name,
        arguments: drawnArguments(tool, task, random),
      }));
      for (const { server, tool, arguments: args } of [...task.plan, ...random.shuffle(drawn)])
        try {
          keep(seen, server, tool, await world.call(server, tool, args));
        } catch (error) {
          if (!(error instanceof WorldFailure || error instanceof WorldDamage)) throw error;
          // It broke its server, and would again; the next task has another world.
          broken.add(`${server} ${tool}`);
          break;
        }
    });
  return seen;
}

function keep(seen: SeenResults, server: string, tool: string, result: Awaited<ReturnType<World['call']>>): void {
  if (result.isError) return;
  const ofServer = seen.get(server) ?? new Map<string, Json[]>();
  seen.set(server, ofServer);
  const results = ofServer.get(tool) ?? [];
  ofServer.set(tool, results);
  results.push(JSON.parse(jsonInProgram(result)) as Json);
}

/** An argument that the plan gives under the same name is likelier to name something that is there. */
function drawnArguments({ server, inputSchema }: Tool, { plan, prompt }: Task, random: RandomStream): JsonObject {
  const planned = plan.filter((call) => call.server === server).flatMap((call) => Object.entries(call.arguments));
  const texts = [
    ...planned.flatMap(([, value]) => (typeof value === 'string' ? [value] : [])),
    ...prompt.split(/\s+/u),
  ];
  const known = Map.groupBy(planned, ([name]) => name);
  return Object.fromEntries(
    Object.entries(sampleArguments(inputSchema, random, texts)).map(([name, value]) => {
      const [, likely] = known.has(name) ? random.pick(known.get(name) ?? []) : [name, value];
      return [name, likely];
    }),
  );
}
