import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policiesOf } from '../../baselines/open-policies.ts';
import { chooseWire } from '../../core/wire/chosen.ts';
import { openRecorder } from '../../core/wire/recorder.ts';
import { openRecording } from '../../core/wire/recording.ts';
import type { Policy, WorldPool } from '../../core/types.ts';
import { recordedUse, replayedUse } from '../../envs/wire/wired-pool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { fixedJob } from '../shared/jobs.ts';
import { tell } from '../shared/printing.ts';
import { recordingHeader } from '../shared/recording-header.ts';
import { packageVersion } from '../shared/version.ts';
import { episodesPerRound, oracleJob, runEpisodes, suiteOfSixCalls } from './episodes.ts';
import { milliseconds, perSecond, type PerfComparison, type PerfGroup } from './measure.ts';

/** Of a model, in a round. */
const modelEpisodes = 2;

/**
 * Episodes that are recorded, beside the same ones that are not; and those of a model by their recording alone, beside the model: without
 * one that can be asked nothing is said of that, for what a pretended one takes is anybody's guess.
 */
export const wirePerf = (model: string | undefined): PerfGroup => ({
  name: 'wire',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toolstone-perf-wire-'));
    const pool = openWorldPool({ lanes: 1 });
    const { evaluated } = await policiesOf(oracleJob('eager'), suite);
    const recorder = recorderIn(join(folder, 'oracle'));
    const recorded: WorldPool = { ...pool, use: recordedUse(pool, recorder) };
    const side = (name: string, through: WorldPool) => ({
      name,
      sample: () => perSecond(() => play(evaluated, through, episodesPerRound), episodesPerRound),
    });
    // Young servers are slow ones.
    await play(evaluated, pool, episodesPerRound);
    if (model === undefined)
      tell('wire: how fast a model is replayed is left out, for no model is named that could be asked (--model NAME).');
    const measured = model === undefined ? null : await ofModel(model, pool, join(folder, 'model'));
    return {
      comparisons: [
        {
          what: 'episodes of six calls, recorded over the wire',
          unit: 'episodes/s',
          ours: side('recorded', recorded),
          yardstick: side('not recorded', pool),
        },
        ...(measured?.comparisons ?? []),
      ],
      close: async () => {
        chooseWire(undefined);
        recorder.close();
        measured?.close();
        await pool.dispose();
        rmSync(folder, { recursive: true });
      },
    };
  },
});

const suite = suiteOfSixCalls();

const play = (evaluated: Policy, pool: WorldPool, count: number, view: 'eager' | 'tool' = 'eager') =>
  runEpisodes(view, { suite, pool, evaluated, lanes: 1 }, count);

/** In the view whose prompts are short, which small models read in seconds. */
const playModel = (evaluated: Policy, pool: WorldPool) => play(evaluated, pool, modelEpisodes, 'tool');

const recorderIn = (folder: string) =>
  openRecorder(
    folder,
    recordingHeader({
      kind: 'episodes',
      suite: suite.name,
      servers: suite.servers,
      version: packageVersion(),
      source: 'perf',
    }),
  );

async function ofModel(model: string, pool: WorldPool, folder: string) {
  const opened = async () => (await policiesOf(fixedJob(model, 'tool', {}, []), suite)).evaluated;
  chooseWire({ mode: 'record', folder });
  const taped = await opened();
  const recorder = recorderIn(folder);
  const recorded = { ...pool, use: recordedUse(pool, recorder) };
  await playModel(taped, recorded);
  const recording = openRecording(folder);
  chooseWire({ mode: 'strict', folder }, recording.header.models);
  const replayed = await opened();
  chooseWire(undefined);
  const live = await opened();
  const missed: string[] = [];
  const use = replayedUse(() => pool, { recording, isStrict: true, tell: (one) => missed.push(...one.missed) });
  const perEpisode = async (policy: Policy, through: WorldPool) =>
    (await milliseconds(() => playModel(policy, through), 1)) / modelEpisodes;
  const comparisons: readonly PerfComparison[] = [
    {
      what: `episodes of ${model}, replayed`,
      unit: 'episodes/s',
      ours: {
        name: 'strict replay',
        sample: async () => {
          const rate = await perSecond(() => playModel(replayed, { ...pool, use }), modelEpisodes);
          if (missed.length > 0) throw new Error(`the recording lacks ${missed[0]}`);
          return rate;
        },
      },
      yardstick: { name: 'the model', sample: () => perSecond(() => playModel(live, pool), modelEpisodes) },
      target: { of: 'ratio', atLeast: 20 },
    },
    {
      what: `episodes of ${model}, recorded`,
      unit: 'ms',
      ours: { name: 'recorded', sample: () => perEpisode(taped, recorded) },
      yardstick: { name: 'not recorded', sample: () => perEpisode(live, pool) },
      target: { of: 'ratio', atMost: 1.05 },
    },
  ];
  return { comparisons, close: recorder.close };
}
