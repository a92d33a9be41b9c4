import { resolve } from 'node:path';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addAliasFlags, addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { familyNames, wholeNumber } from './shared/flag-values.ts';
import {
  freshOption,
  learntTasksHelp,
  limitOption,
  outOption,
  ownTasksOption,
  rewardOption,
  suiteOption,
  taskOption,
  viewOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, shownPath, tell } from './shared/printing.ts';
import { taskSource } from './shared/task-source.ts';

const serve: CommandDefinition = {
  summary:
    'serve a suite or your own tasks as environments for outside trainers (Open Reward Standard; docs/finetune.md)',
  define: (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addAliasFlags(command);
    addOwnServerFlags(command);
    command
      .addOption(suiteOption())
      .addOption(ownTasksOption(learntTasksHelp))
      .addOption(taskOption())
      .addOption(viewOption().default('tool'))
      .addOption(rewardOption('reward given at the end of an episode').default('rubric' as const))
      .option('--sessions <n>', 'largest number of sessions at a time; further ones are refused', wholeNumber, 8)
      .addOption(limitOption('largest number of tasks per split').default(1000))
      .option('--families <names>', 'serve only these families, separated by commas', familyNames)
      .option('--host <address>', "address to listen on; any but this machine's own needs --token-file", '127.0.0.1')
      .option('--port <n>', 'port to listen on', wholeNumber, 8700)
      .option('--token-file <file>', 'file with the token that every request must carry')
      .option(
        '--reap-after <seconds>',
        'close a session after this many seconds without a request or ping',
        wholeNumber,
        60,
      )
      .addOption(outOption())
      .addOption(freshOption())
      .action(async ({ suite: house, tasks: file, task, limit: tasks, ...flags }) => {
        const { view, families, tokenFile, reapAfter, out, fresh, ...options } = flags;
        const { chosenCounter, chosenLimits } = await import('../core/run/chosen.ts');
        const { viewNamed } = await import('../envs/view-list.ts');
        const { openWorldPool } = await import('../envs/world-pool.ts');
        const { readToken, serve: serveUntilStopped, servedRun } = await import('../finetune/ors/serve.ts');
        const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
        const { servedSource } = await import('./shared/run-identity.ts');
        const { tellConfinement } = await import('./shared/confinement.ts');
        const { manifestOf, tellAmiss } = await import('./shared/manifest.ts');
        const { viewModels } = await import('./shared/tell-views.ts');
        const { codeVersion } = await import('./shared/version.ts');
        const { suiteHere } = await import('./shared/suite-here.ts');
        const { reward } = options;
        const whole = await suiteNamed(taskSource({ suite: house, tasks: file, task }, { isDivided: true }));
        const { name, job } = servedRun(whole, { view, reward, tasks });
        const { suite, without } = suiteHere(whole, [job]);
        tellConfinement(suite);
        const code = codeVersion();
        const manifest = {
          ...manifestOf('serve', name, suite, [job], code, servedSource(suite, view), without),
          ...(await viewModels([job])),
        };
        tellAmiss(manifest);
        const folder = await serveUntilStopped({
          ...options,
          tasks,
          suite,
          job,
          openView: await viewNamed(view),
          limits: chosenLimits(),
          counter: chosenCounter(),
          unheardSeconds: reapAfter,
          openPool: (lanes) => openWorldPool({ lanes }),
          version: code.version,
          told: tell,
          manifest,
          base: runsFolder,
          out: out === undefined ? undefined : resolve(out),
          isFresh: fresh === true,
          clock: () => performance.now(),
          ...(families === undefined ? {} : { families }),
          ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
        });
        print(`Sessions recorded in ${shownPath(folder)}; \`toolstone report\` makes the page.`);
      });
  },
};
export default serve;
