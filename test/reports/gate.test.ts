import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import compare, { type GateResult } from '../../reports/gate/gate.ts';
import readRun, { type Run } from '../../core/record/read-run.ts';
import {
  isTraining,
  readReference,
  referenceOf,
  writeReference,
  type Reference,
} from '../../reports/gate/reference.ts';
import { trainingsOf } from '../../reports/gate/measures.ts';
import { referenceTrainings } from '../../reports/gate/looks.ts';
import { sightOf, sightText } from '../../reports/gate/sight.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 6, tasks: 24, skill: { rubric: 0.9 } });
const read = (run: SyntheticRun): Run => {
  using written = writeRun(run);
  return readRun(written.folder);
};
const reference = referenceOf(read(base), 'first numbers');
const gate = (run: SyntheticRun, against: Reference = reference): GateResult => compare([read(run)], against);

const learned = ({ key }: ScoredTrajectory) => key.job.startsWith('grpo-rubric') && key.phase === 'test';
const plant = (
  applies: (one: ScoredTrajectory, index: number) => boolean,
  change: (one: ScoredTrajectory) => Partial<ScoredTrajectory>,
): SyntheticRun => {
  let index = 0;
  const trajectories = base.trajectories.map((one) => (applies(one, index++) ? { ...one, ...change(one) } : one));
  return { ...base, trajectories };
};
const failed = (verified: boolean) => ({ success: { verified, properFinish: verified } });

describe('the gate passes', () => {
  it('an equal run', () => {
    const { verdict, reasons, offending } = gate(base);
    expect(verdict).toBe('pass');
    expect(reasons.slice(0, 2)).toEqual([
      "168 episodes of 7 deterministic baselines have the reference's bytes.",
      "grpo-sparse-tool, test: 6 trainings have the reference's numbers.",
    ]);
    expect(offending.rows).toEqual([]);
  });

  it('training episodes and learning curves that differ: only evaluations are compared', () => {
    expect(
      gate(
        plant(
          ({ key }) => key.phase === 'train',
          () => failed(false),
        ),
      ).verdict,
    ).toBe('pass');
  });

  it('a better policy', () => {
    expect(gate(plant(learned, () => failed(true))).verdict).toBe('pass');
  });
});

const odd = ({ key }: ScoredTrajectory) => /seed-[135]$/.test(key.job);
const oneOfOracle = ({ key }: ScoredTrajectory) => key.job === 'oracle-tool/seed-1' && key.task.endsWith('0007');

const asEndpoint = (run: SyntheticRun): SyntheticRun => {
  const jobs = run.manifest.jobs.map((job) => (job.policy === 'oracle' ? { ...job, policy: 'ollama:qwen3:4b' } : job));
  return { ...run, manifest: { ...run.manifest, jobs } };
};

describe('condition 1: other bytes of a deterministic baseline', () => {
  it('fails for one changed result, with the row; with other tools it is not compared', () => {
    const run = plant(oneOfOracle, ({ turns }) => ({ turns: turns.slice(1) }));
    const { verdict, reasons, offending } = gate(run);
    expect(verdict).toBe('regressed');
    expect(reasons).toEqual(['1 of 24 episodes of the deterministic oracle-tool/seed-1 have other bytes.']);
    expect(offending.rows.map((row) => row['task'])).toEqual(['basic/memory-facts/test/0007']);
    const servers = {
      ...base.manifest.servers,
      memory: { ...base.manifest.servers['memory']!, schemaHash: 'changed' },
    };
    const changedServer = { ...run, manifest: { ...base.manifest, servers } };
    const drifted = gate(changedServer);
    expect(drifted.verdict, 'what was offered otherwise proves nothing of the rest').toBe('incomparable');
    expect(drifted.reasons).toEqual([
      'The servers offered something else than in the reference: The tools of server memory changed.',
    ]);
  });

  it('does not ask a model endpoint to repeat its bytes', () => {
    const endpoint = referenceOf(read(asEndpoint(base)), 'endpoint');
    const run = plant(
      ({ key }) => key.job === 'oracle-tool/seed-1',
      ({ prompt }) => ({ prompt: `${prompt} ` }),
    );
    expect(gate(asEndpoint(run), endpoint).verdict).toBe('pass');
    expect(gate(run).verdict).toBe('regressed');
  });
});

describe('condition 2: a loss that chance does not explain', () => {
  it('fails for lost success, with the arm and both means', () => {
    const { verdict, reasons, offending } = gate(
      plant(
        (one, index) => learned(one) && index % 2 === 0,
        () => failed(false),
      ),
    );
    expect(verdict).toBe('regressed');
    expect(reasons[0]).toMatch(
      /^grpo-rubric-tool, test, 6 trainings beside the reference's 6: verifier success differs by −0\.\d+ \[−.* Chance does not explain that loss\.$/,
    );
    expect(offending.rows[0]).toMatchObject({ job: 'grpo-rubric-tool, test', what: 'verifier success' });
  });

  it('fails for lost finishes, for a lost rubric reward and for a swollen context alone', () => {
    const noFinish = plant(learned, ({ success }) => ({ success: success && { ...success, properFinish: false } }));
    expect(gate(noFinish).reasons.join()).toMatch(/proper finish differs/);
    const noReward = plant(learned, ({ rewards }) => ({ rewards: { ...rewards, rubric: 0 } }));
    expect(gate(noReward).reasons.join()).toMatch(/rubric reward differs/);
    const swollen = plant(learned, ({ turns }) => ({
      turns: turns.map((turn) => ({ ...turn, tokens: { ...turn.tokens, prompt: turn.tokens.prompt * 1.5 } })),
    }));
    expect(gate(swollen)).toMatchObject({ verdict: 'regressed', reasons: [expect.stringMatching(/peak context/)] });
  });

  it('passes where other seeds give other numbers, and says what is excluded', () => {
    const others = syntheticRun({ seeds: 6, tasks: 24, skill: { rubric: 0.9 }, world: 'other' });
    const trajectories = [...base.trajectories.filter((one) => !learned(one)), ...others.trajectories.filter(learned)];
    const harmless = gate({ ...base, trajectories });
    expect(harmless.verdict, harmless.reasons.join()).toBe('pass');
    expect(harmless.reasons.join()).toMatch(/rubric-tool, test, 6 .* no loss, and a loss as large as 0\.1 is excluded/);
  });

  it('says not enough data where the trainings are far apart, and that too few of them compare with nothing', () => {
    const apart = gate(
      plant(
        (one) => learned(one) && odd(one),
        () => failed(false),
      ),
      referenceOf(
        read(
          plant(
            (one) => learned(one) && !odd(one),
            () => failed(false),
          ),
        ),
        'apart',
      ),
    );
    expect(apart.verdict).toBe('not-enough-data');
    expect(apart.reasons[0]).toMatch(
      /neither shows a loss nor excludes one of 0\.1: more seeds or tasks would decide it/,
    );
    const few = syntheticRun({ seeds: 2, tasks: 12 });
    expect(gate(few, referenceOf(read(few), 'few'))).toMatchObject({
      verdict: 'incomparable',
      reasons: expect.arrayContaining([expect.stringMatching(/2 trainings and the reference 2; at least 4/)]),
    });
  });

  it('compares a model behind an endpoint task by task', () => {
    const endpoint = referenceOf(read(asEndpoint(base)), 'endpoint');
    const lost = plant(
      ({ key }, index) => key.job.startsWith('oracle') && index % 2 === 0,
      () => failed(false),
    );
    const { verdict, reasons } = gate(asEndpoint(lost), endpoint);
    expect(verdict).toBe('regressed');
    expect(reasons[0]).toMatch(/^oracle-eager\/seed-1, test, 24 tasks: verifier success differs by −0\.5/);
  });
});

describe('what it can see', () => {
  it('by the committed trainings: harmless changes pass, false alarms are few, a drop of .15 is seen', () => {
    const committed = readReference(fileURLToPath(new URL('../../reports/reference/gate', import.meta.url)));
    const arms = [...trainingsOf(committed.jobs.filter(isTraining))];
    expect(arms.map(([, trainings]) => trainings.length)).toEqual([referenceTrainings]);
    for (const [arm, trainings] of arms) {
      const sight = sightOf(trainings.map(({ averages }) => averages));
      expect(sight.passes, sightText(arm, sight)).toBeGreaterThanOrEqual(0.8);
      expect(sight.alarms, sightText(arm, sight)).toBeLessThanOrEqual(0.05);
      expect(sight.seen, sightText(arm, sight)).toBeGreaterThanOrEqual(0.8);
    }
  });

  it('is said to be nothing where trainings are far apart', () => {
    const sight = sightOf(Array.from({ length: 24 }, (_, index) => [index % 2, 1, 1, -900]));
    expect(sight.drop).toBeNull();
    expect(sightText('apart', sight)).toMatch(/none with 80 % power\.$/);
  });
});

describe('condition 3: void or unscored episodes beyond their limit', () => {
  it.each([
    ['void', { success: null, outcome: { kind: 'failed', culprit: 'world', message: 'git died' } }],
    ['unscored', { rewards: { sparse: 1, 'state-share': 1, rubric: null } }],
  ] as const)('fails for %s ones', (what, change) => {
    const { verdict, reasons, offending } = gate(
      plant(
        (one, index) => learned(one) && index % 9 === 0,
        () => change,
      ),
    );
    expect(verdict).toBe('regressed');
    expect(reasons.join()).toMatch(new RegExp(`are ${what} \\(\\d+\\.\\d %, at most 2 % are tolerated\\)`));
    expect(offending.rows.some((row) => row['what'] === what)).toBe(true);
  });
});

const stale = (change: (run: SyntheticRun['manifest']) => SyntheticRun['manifest'], run: SyntheticRun = base) =>
  gate({ ...run, manifest: change(run.manifest) });

describe('condition 4: a stale or different reference', () => {
  it('is incomparable when the reference names a task that is gone', () => {
    const trajectories = base.trajectories.filter(({ key }) => key.task !== 'basic/file-notes/test/0000');
    const { verdict, reasons, offending } = gate({ ...base, trajectories });
    expect(verdict).toBe('incomparable');
    expect(reasons[0]).toMatch(
      /^1 of 24 episodes that the reference names for random-tool\/seed-1 are not in random-tool\/seed-1\.$/,
    );
    expect(offending.rows[0]).toMatchObject({ task: 'basic/file-notes/test/0000', run: 'absent' });
  });

  it('is incomparable for a missing job, another suite, other limits or another budget', () => {
    const jobs = base.manifest.jobs.filter(({ name }) => name !== 'random-tool/seed-1');
    const trajectories = base.trajectories.filter(({ key }) => key.job !== 'random-tool/seed-1');
    const results = [
      gate({ ...base, trajectories, manifest: { ...base.manifest, jobs } }),
      stale((manifest) => ({ ...manifest, suite: 'advanced' })),
      stale((manifest) => ({ ...manifest, limits: { contextTokens: 1, resultTokens: 1 } })),
      stale((manifest) => ({
        ...manifest,
        jobs: manifest.jobs.map((job) =>
          job.training ? { ...job, training: { ...job.training, episodes: 64 } } : job,
        ),
      })),
    ];
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(4).fill('incomparable'));
    expect(results.map(({ reasons }) => reasons[0])).toEqual([
      'The reference names the job random-tool/seed-1, which the run has not.',
      'The run is of suite advanced, the reference of basic.',
      'The run and the reference have other limits of context or result tokens.',
      'The job grpo-sparse-tool/seed-1 has another training than in the reference.',
    ]);
  });
});

describe('the reference', () => {
  it('says of a job how tools were called only where that was not one at a time', () => {
    const [first, ...others] = base.manifest.jobs;
    const programs = { ...base.manifest, jobs: [{ ...first, execution: 'programs' } as never, ...others] };
    const { jobs } = referenceOf(read({ ...base, manifest: programs }), 'programs');
    expect(jobs.map(({ execution }) => execution)).toEqual(['programs', ...others.map(() => undefined)]);
    expect(reference.jobs.filter((job) => 'execution' in job)).toEqual([]);
  });

  it('survives writing and reading, and is accepted only for a reason', () => {
    const folder = mkdtempSync(join(tmpdir(), 'toolstone-reference-'));
    const path = writeReference(folder, reference);
    expect(readReference(folder)).toEqual(reference);
    expect(readFileSync(path, 'utf8').split('\n').length, 'one line per episode').toBeGreaterThan(300);
    expect(() => referenceOf(read(base), '  ')).toThrow(/needs a reason/);
    writeFileSync(path, '{"version":1,');
    expect(() => readReference(folder)).toThrow(/corrupt .*Restore it from version control/);
    writeFileSync(path, 'null');
    expect(() => readReference(folder)).toThrow(UsageError);
    rmSync(folder, { recursive: true });
    expect(() => readReference(folder)).toThrow(/There is no reference at .*--accept/);
  });
});
