import type { ClientKind } from '../../core/models/open.ts';
import type { JudgeResources } from '../judge-definition.ts';
import { languageJudge, type CostedJudge } from './language-judge.ts';
import { openJudgeModel } from './open-model.ts';
import { readSettings } from './settings.ts';

/** The judge `KIND:MODEL?SETTINGS`. */
export async function modelJudge(kind: ClientKind, argument: string, resources: JudgeResources): Promise<CostedJudge> {
  const { model, settings, suffix } = readSettings(argument);
  return languageJudge(await openJudgeModel(kind, model, settings, suffix), settings, suffix, resources);
}
