import type { Execution } from './execution.ts';
import type { ViewName } from './types.ts';

/** How tools are shown to a policy, and how it calls them, as far as it is told. */
export interface ToldWay {
  readonly view?: ViewName | undefined;
  readonly execution?: Execution | undefined;
}

/** A policy as tables call it: `oracle`, `oracle, tool`, `oracle, tool, programs`. Calls one at a time go without saying. */
export const armLabel = (policy: string, { view, execution = 'calls' }: ToldWay = {}): string =>
  [policy, ...(view === undefined ? [] : [view]), ...(execution === 'calls' ? [] : [execution])].join(', ');
