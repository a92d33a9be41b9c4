import { fileURLToPath } from 'node:url';
import type { Calibration, JudgeIdentity } from '../../core/calibration-types.ts';
import type { BundledCalibration } from '../judge-definition.ts';
import type { ChosenRubrics } from '../rubric/file.ts';
import { readCalibrations } from './read.ts';

/**
 * What comes with this very judge, of equal build; `null` where nothing does, as for weights of one's own and for criteria of other
 * words than those that it was labelled on.
 */
export function bundledCalibration(
  { name, build, prompt }: JudgeIdentity,
  bundled: BundledCalibration | undefined,
  rubrics: ChosenRubrics,
): Calibration | null {
  if (!bundled || typeof rubrics !== 'string' || rubrics === 'end-state') return null;
  const asked = rubrics === 'generic' ? bundled.holisticName : name;
  const isOfJudge = ({ stamp }: Calibration) =>
    stamp.name === asked && stamp.build === build && stamp.prompt === prompt;
  return readCalibrations(fileURLToPath(bundled.file)).find(isOfJudge) ?? null;
}
