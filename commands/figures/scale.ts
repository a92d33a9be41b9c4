// node commands/figures/scale.ts: what an episode costs on one machine, from threads and from workers by a queue, and what follows for
// several machines, into reports/reference/scale.json. Needs redis-server, and Linux; other work on the machine does not count, but slows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldsOf, openRedis } from '../../core/queue/redis.ts';
import { queueAddress } from '../../core/queue/address.ts';
import { writeWhole } from '../../core/record/files.ts';
import { toTerminal } from '../../core/terminal.ts';
import { jsonText } from '../../reports/tables/table.ts';
import { watchTree, type TreeUse } from '../perf/process-tree.ts';
import { startRedisServer } from '../perf/redis-server.ts';
import { entry } from '../shared/places.ts';

/** Two sizes, so that what a start costs can be told from what an episode costs: in both the last of two workers starts in time to play. */
const sizes = { small: 2560, large: 5120 } as const;
const suite = 'basic';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-scale-'));
const file = fileURLToPath(new URL('../../reports/reference/scale.json', import.meta.url));
const words = (tasks: number, out: string) =>
  [
    'run',
    '--policy',
    'oracle',
    '--suite',
    suite,
    '--split',
    'train',
    '--limit',
    `${tasks}`,
    '--out',
    out,
    '--quiet',
  ] as const;

interface Use {
  readonly coordinator: TreeUse;
  readonly workers: readonly TreeUse[];
  readonly redis: { readonly processorSeconds: number; readonly bytes: number; readonly peakBytes: number };
  readonly recordBytes: number;
}

function startTold(...args: readonly string[]) {
  const child = spawn(process.execPath, [fileURLToPath(entry), ...args], { stdio: 'ignore' });
  const tree = watchTree(child.pid ?? 0);
  return once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`toolstone ${args.join(' ')} ended with ${code}`);
    return tree.stop();
  });
}

/** A run by so many workers, none of which was there before; 0: by threads, one lane each. */
async function use(count: number, tasks: number): Promise<Use> {
  toTerminal(process.stderr, `${tasks} episodes, ${count === 0 ? 'one thread' : `${count} workers`}\n`);
  const out = join(folder, `${count}-${tasks}`);
  const recordBytes = () => statSync(join(out, 'trajectories.jsonl')).size;
  if (count === 0) {
    const coordinator = await startTold(...words(tasks, out), '--concurrency', '1');
    const redis = { processorSeconds: 0, bytes: 0, peakBytes: 0 };
    return { coordinator, workers: [], redis, recordBytes: recordBytes() };
  }
  const server = await startRedisServer();
  try {
    return { ...(await playedBy(server.address, count, words(tasks, out))), recordBytes: recordBytes() };
  } finally {
    await server.stop();
  }
}

/** The same by workers and the Redis at an address, which is asked at the end what it used. */
async function playedBy(address: string, count: number, run: readonly string[]): Promise<Omit<Use, 'recordBytes'>> {
  const workers = Promise.all(
    Array.from({ length: count }, () => startTold('worker', address, '--once', '--concurrency', '1')),
  );
  const [coordinator, told] = await Promise.all([startTold(...run, '--queue', address), workers]);
  const redis = await openRedis(queueAddress(address), true);
  const fields = fieldsOf(await redis.info());
  redis.disconnect();
  const sum = (...names: readonly string[]) => names.reduce((total, name) => total + Number(fields.get(name)), 0);
  return {
    coordinator,
    workers: told,
    redis: {
      processorSeconds: sum('used_cpu_user', 'used_cpu_sys'),
      bytes: sum('total_net_input_bytes', 'total_net_output_bytes'),
      peakBytes: sum('used_memory_peak'),
    },
  };
}

/** The same with both sizes: what `of` reads of them, for one more episode. */
const more = (of: (one: Use) => number, [small, large]: readonly [Use, Use]): number =>
  (of(large) - of(small)) / (sizes.large - sizes.small);
const both = async (count: number): Promise<readonly [Use, Use]> => [
  await use(count, sizes.small),
  await use(count, sizes.large),
];

const ofWorkers = ({ workers }: Use) => workers.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
const ofAll = (one: Use) => one.coordinator.processorSeconds + ofWorkers(one) + one.redis.processorSeconds;
const hour = 3600;
const megabyte = 2 ** 20;

try {
  const [threads, one, two] = [await both(0), await both(1), await both(2)];
  const coreSeconds = more(ofWorkers, one);
  const coordinator = more(({ coordinator: { processorSeconds } }) => processorSeconds, one);
  const redis = more((run) => run.redis.processorSeconds, one);
  const bytes = more((run) => run.redis.bytes, one);
  const recordBytes = more((run) => run.recordBytes, one);
  const lane = Math.max(...one.flatMap(({ workers }) => workers.map(({ peakMegabytes }) => peakMegabytes)));
  const coresOfMachine = 16;
  const fleet = (machines: number) => {
    const perSecond = (machines * coresOfMachine) / coreSeconds;
    return {
      episodesPerHour: Math.round(perSecond * hour),
      redisMegabytesPerSecond: (perSecond * bytes) / megabyte,
      redisCores: perSecond * redis,
      coordinatorCores: perSecond * coordinator,
      recordGigabytesPerHour: (perSecond * hour * recordBytes) / 2 ** 30,
      memoryGigabytesPerMachine: (coresOfMachine * lane) / 1024,
    };
  };
  const figures = {
    suite,
    node: process.versions.node,
    cores: availableParallelism(),
    episodes: sizes,
    processorMillisecondsOfEpisode: {
      threads: more(ofAll, threads) * 1000,
      oneWorker: more(ofAll, one) * 1000,
      twoWorkers: more(ofAll, two) * 1000,
      coordinator: coordinator * 1000,
      redis: redis * 1000,
    },
    ratio: { oneWorker: more(ofAll, one) / more(ofAll, threads), twoWorkers: more(ofAll, two) / more(ofAll, threads) },
    startSecondsOfWorker: ofWorkers(one[0]) - coreSeconds * sizes.small,
    megabytes: {
      worker: lane,
      coordinator: Math.max(...one.map(({ coordinator: { peakMegabytes } }) => peakMegabytes)),
      redis: Math.max(...one.map((run) => run.redis.peakBytes)) / megabyte,
    },
    bytesOfEpisode: { redis: Math.round(bytes), record: Math.round(recordBytes) },
    coresOfMachine,
    machines: { 1: fleet(1), 10: fleet(10), 100: fleet(100) },
  };
  writeWhole(file, jsonText(figures));
  toTerminal(process.stdout, jsonText(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
