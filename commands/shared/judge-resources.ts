import { chosenWire } from '../../core/wire/chosen.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import { verdictsFolder } from './places.ts';

/** What commands lend to judges. Answers that are kept on this machine would be missing in a recording, and hide what it lacks. */
export const judgeResources = (cacheFolder = verdictsFolder): JudgeResources & { readonly now: () => number } => ({
  now: () => performance.now(),
  ...(chosenWire() ? {} : { cacheFolder }),
});
