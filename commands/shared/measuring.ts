import type { Execution } from '../../core/execution.ts';
import type { ViewName } from '../../core/types.ts';
import type { AliasFlags, DistractorFlags } from './distractor-flags.ts';
import type { OwnServerFlags } from './own-server-flags.ts';
import { shellWord } from './shell-word.ts';

/** The tasks that a model was trained on, and the setting in which it played them. */
export interface TrainedSetting extends AliasFlags, DistractorFlags, Pick<OwnServerFlags, 'servers'> {
  readonly suite: string;
  /** The task file, if tasks are the user's own. */
  readonly tasks?: string | undefined;
  readonly view: ViewName;
  readonly execution: Execution;
}

/** The command that measures a tuned model on what it was not trained on, in the setting in which it was trained. */
export function measuring(gguf: string, setting: TrainedSetting): string {
  const { suite, tasks, servers, view, execution, alias, tools, pool } = setting;
  const settings = [
    ['--view', view, 'tool'],
    ['--execution', execution, 'calls'],
    ['--servers', servers, undefined],
    ['--alias', alias, undefined],
    ['--tools', tools, undefined],
    ['--pool', pool, undefined],
  ] as const satisfies readonly (readonly [flag: string, value: string | undefined, usual: string | undefined])[];
  const what = tasks === undefined ? ['--suite', suite] : ['--tasks', tasks, '--split', 'test'];
  const unusual = settings.flatMap(([flag, value, usual]) =>
    value === undefined || value === usual ? [] : [flag, value],
  );
  return ['run', '--policy', `llama:${gguf}`, ...what, ...unusual].map(shellWord).join(' ');
}
