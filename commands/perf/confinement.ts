import { policiesOf } from '../../baselines/open-policies.ts';
import { confinementLevels, type ConfinementLevel } from '../../core/confinement.ts';
import { wallOf } from '../../envs/confinement/levels/walls.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { episodesPerRound, oracleJob, runEpisodes, suiteOfSixCalls } from './episodes.ts';
import { perSecond, type PerfComparison, type PerfGroup } from './measure.ts';

const lanes = 2;

/** Whole episodes on servers in boxes, of each kind that works here, beside the same on servers without. */
export const confinementPerf = (warmUpRounds: number): PerfGroup => ({
  name: 'confinement',
  open: async () => {
    const suite = suiteOfSixCalls();
    const { evaluated } = await policiesOf(oracleJob('eager'), suite);
    const levels = confinementLevels.filter((level) => wallOf(level)?.fault() === undefined);
    const pools = new Map(levels.map((level) => [level, openWorldPool({ lanes, level })] as const));
    const run = async (level: ConfinementLevel) => {
      const pool = pools.get(level);
      if (pool) await runEpisodes('eager', { suite, pool, evaluated, lanes });
    };
    for (let i = 0; i < warmUpRounds; i++) for (const level of levels) await run(level);
    const side = (level: ConfinementLevel, name: string) => ({
      name,
      sample: () => perSecond(() => run(level), episodesPerRound),
    });
    return {
      comparisons: levels
        .filter((level) => level !== 'arguments')
        .map((level): PerfComparison => ({
          what: `episodes of six calls, confined by ${level}`,
          unit: 'episodes/s',
          ours: side(level, 'in boxes'),
          yardstick: side('arguments', 'without'),
          target: { of: 'ratio', atLeast: 0.95 },
        })),
      close: async () => {
        await Promise.all([...pools.values()].map((pool) => pool.dispose()));
      },
    };
  },
});
