import { clock, milliseconds, type PerfGroup } from './measure.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Job } from '../../core/run-types.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Suite } from '../../core/types.ts';
import eagerView from '../../envs/views/eager.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { type OrsServer, startOrs } from '../../finetune/ors/server.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';

const sessions = 8;
const callsPerRound = 100;
const [server, tool, args] = ['filesystem', 'list_directory', { path: '.' }] as const;

/** What the wire adds to a call of an MCP server, and how long eight trainers' sessions take to open. */
export const orsPerf = (suite: Suite): PerfGroup => ({
  name: 'ors',
  open: async () => {
    const pool = openWorldPool({ lanes: sessions });
    const ors = await startOrs({ ...options(suite), openPool: () => pool });
    // Every lane's servers are started, and so are the routes warm.
    for (let i = 0; i < 2; i++) {
      const opened = await openEight(ors);
      await Promise.all(opened.map((sid) => callTool(ors, sid)));
      await closeAll(ors, opened);
    }
    return {
      comparisons: [
        {
          what: `a call over the wire, beyond ${server} ${tool} in its world`,
          unit: 'ms',
          ours: {
            name: 'Open Reward Standard',
            sample: async () => (await perCall(ors)) - (await perCallInWorld(pool, suite)),
          },
          target: { of: 'ours', atMost: 3 },
        },
        {
          what: `${sessions} sessions opened at once on warm worlds, prompts read`,
          unit: 'ms',
          ours: {
            name: 'Open Reward Standard',
            sample: async () => {
              const started = clock();
              const opened = await openEight(ors);
              const duration = clock() - started;
              await Promise.all(opened.map((sid) => callTool(ors, sid)));
              await closeAll(ors, opened);
              return duration;
            },
          },
          target: { of: 'ours', atMost: 150 },
        },
      ],
      close: () => ors.close(),
    };
  },
});

const options = (suite: Suite) => {
  const job: Job = {
    name: 'perf',
    rows: {},
    seed: 1,
    policy: 'remote',
    view: 'eager',
    training: null,
    evaluations: [],
  };
  return {
    suite,
    tasks: sessions,
    openView: eagerView,
    job,
    rewards: codeRewards('rubric'),
    limits: defaultLimits,
    sessions,
    unheardSeconds: 600,
    record: {
      nextRepetition: () => 0,
      keep: () => undefined,
      counts: () => ({ recorded: 0, void: 0 }),
      close: () => undefined,
    },
    host: '127.0.0.1',
    port: 0,
    version: 'perf',
    told: () => undefined,
  };
};

/** The median call, each session ended before its turns are used up. */
async function perCall(ors: OrsServer): Promise<number> {
  const perSession = 4;
  const times: number[] = [];
  for (let i = 0; i < callsPerRound / perSession; i++) {
    const sid = await open(ors, i % sessions);
    for (let call = 0; call < perSession; call++) {
      const started = clock();
      await callTool(ors, sid);
      times.push(clock() - started);
    }
    await post(ors, '/delete', sid, {});
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

async function perCallInWorld(pool: ReturnType<typeof openWorldPool>, suite: Suite): Promise<number> {
  const [task] = suite.tasks('test', 1);
  if (!task) throw new Error('the suite has no test task');
  return pool.use(task.world, 1, (world) => milliseconds(() => world.call(server, tool, args), callsPerRound, 'p50'));
}

const openEight = (ors: OrsServer) => Promise.all(Array.from({ length: sessions }, (_, index) => open(ors, index)));
const closeAll = (ors: OrsServer, sids: readonly string[]) =>
  Promise.all(sids.map((sid) => post(ors, '/delete', sid, {})));

async function open(ors: OrsServer, index: number): Promise<string> {
  const sid = /data: (\S+)/.exec(await post(ors, '/create_session', '', {}))?.[1] ?? '';
  await post(ors, '/create', sid, { split: 'test', index });
  await read(fetch(`${ors.url}/prompt`, { headers: { 'X-Session-ID': sid } }));
  return sid;
}

const callTool = (ors: OrsServer, sid: string) =>
  post(ors, '/call', sid, { name: 'call_tool', input: { server, tool, arguments: args } });

const post = ({ url }: OrsServer, path: string, sid: string, body: JsonObject): Promise<string> =>
  read(
    fetch(url + path, {
      method: 'POST',
      headers: { 'X-Session-ID': sid, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );

async function read(reply: Promise<Response>): Promise<string> {
  const response = await reply;
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}
