import { fileURLToPath } from 'node:url';
import type { Calibration, JudgeIdentity } from '../../core/calibration-types.ts';
import type { RubricChoice } from '../../core/reward-types.ts';
import type { BundledCalibration } from '../judge-definition.ts';
import { readCalibrations } from './read.ts';

/** What comes with this very judge, of equal build; `null` where nothing does, as for weights of one's own. */
export function bundledCalibration(
  { name, build, prompt }: JudgeIdentity,
  bundled: BundledCalibration | undefined,
  rubric: RubricChoice,
): Calibration | null {
  if (!bundled) return null;
  const asked = rubric === 'generic' ? bundled.holisticName : name;
  const isOfJudge = ({ stamp }: Calibration) =>
    stamp.name === asked && stamp.build === build && stamp.prompt === prompt;
  return readCalibrations(fileURLToPath(bundled.file)).find(isOfJudge) ?? null;
}
