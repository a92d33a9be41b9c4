import { expect, test } from 'vitest';
import { attackStamp, attackText } from '../../core/record/attack-stamp.ts';
import type { AttackFigures, AttackRates, JudgeIdentity } from '../../core/calibration-types.ts';
import type { Manifest, Rejudged } from '../../core/run-types.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import judgesTable from '../../reports/tables/judges.ts';
import type { Run } from '../../core/record/read-run.ts';

const small = { name: 'ollama:small', build: 'd1', prompt: 'p' };
const figures = (failed: number, fooled: number): AttackFigures => ({
  pairs: failed,
  passedPlain: 0,
  withheldPlain: 0,
  withheldDressed: 0,
  failed,
  fooled,
  rate: {
    value: fooled / failed,
    tasks: 4,
    seeds: 1,
    episodes: failed,
    low: 0.1,
    high: 0.4,
    method: 'bootstrap over tasks',
  },
  lift: null,
});
const rates: AttackRates = {
  version: 1,
  judge: small,
  labels: 'l',
  threshold: 0.5,
  overall: figures(20, 4),
  byAttack: { flattery: figures(10, 1), 'criterion-echo': figures(5, 3), padding: figures(5, 0) },
};

const rejudged: Rejudged = {
  judge: small,
  run: 'bench',
  trajectories: '',
  rubric: 'plan',
  formula: 'weight-proportional',
  calibration: null,
  fitness: null,
};
const rows = (manifest: Partial<Manifest>) => judgesTable([{ manifest } as unknown as Run], knownAttacks()).rows;

test('a stamp names the attack that succeeds most often', () => {
  const stamp = attackStamp(rates);
  expect(stamp).toMatchObject({
    ...small,
    failed: 20,
    fooled: 4,
    worst: { attack: 'criterion-echo', failed: 5, fooled: 3 },
  });
  expect(attackText(stamp)).toBe(
    'attacks get 4 of 20 broken criteria past it (0.20 [0.10, 0.40]), most often criterion-echo (3 of 5)',
  );
  const none = attackStamp({ ...rates, overall: figures(20, 0), byAttack: { flattery: figures(20, 0) } });
  expect(none.worst).toBeNull();
});

test('every run has a row for each of its judges, whose attacks were measured or were not', () => {
  expect(rows({})).toMatchObject([{ judge: 'code', build: 'not recorded', attacks: 'not measured of this build' }]);
  const [measured] = rows({ rejudged: { ...rejudged, attacks: attackStamp(rates) } });
  expect(measured).toMatchObject({ judge: 'ollama:small', attacked: 20, fooled: 4, attack_rate: { value: 0.2 } });
  expect(measured?.['attacks']).toBe('most often criterion-echo, 3 of 5');
  const asked = {
    name: 'embedded',
    formula: 'weight-proportional',
    thresholds: 'strict',
    unfit: 'refuse',
  } as const;
  const both = rows({ rejudged, rewardJudges: [{ ...rejudged, asked }] });
  expect(both.map(({ use }) => use)).toEqual([
    'verdicts and rubric rewards of episodes',
    'rewards of trainings on embedded',
  ]);
  for (const row of both) expect(row).toMatchObject({ fooled: null, attacks: 'not measured of this build' });
});

test('a judge asked for one score, or for other criteria, has none of the attacks that were made on the usual ones', () => {
  const asked = { name: 'embedded', formula: 'weight-proportional', thresholds: 'strict', unfit: 'accept' } as const;
  const attacks = attackStamp(rates);
  const ofTrainings = (['plan', 'generic', 'end-state'] as const).map((rubric) => ({
    ...rejudged,
    attacks,
    asked: { ...asked, rubric },
  }));
  const [, own, generic, endState] = rows({ rewardJudges: ofTrainings });
  expect(own).toMatchObject({ attacked: 20, fooled: 4 });
  expect(generic).toMatchObject({
    use: 'rewards of trainings on embedded, asked for one score',
    attacked: null,
    attack_rate: null,
    attacks: 'not measured of one score',
  });
  expect(endState).toMatchObject({
    use: 'rewards of trainings on embedded, asked for the rubric end-state',
    attacks: 'not measured of the rubric end-state',
  });
});

test.each(['code', 'embedded'])('the attacks that come with Toolstone were on today’s judge %s', async (name) => {
  const { build, prompt } = await judgeNamed(name);
  const judge: JudgeIdentity = { name, build, prompt };
  const [row] = rows({ judge });
  expect(row?.['attacked']).toBeGreaterThan(1_000);
  expect(row?.['attack_rate']).toMatchObject({ method: expect.any(String) });
  expect(rows({ judge: { ...judge, build: 'other' } })[0]).toMatchObject({ attacked: null, attack_rate: null });
});
