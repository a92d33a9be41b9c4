import { resolve } from 'node:path';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addAliasFlags, addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { familyNames, wholeNumber } from './shared/flag-values.ts';
import {
  executionOption,
  freshOption,
  learntTasksHelp,
  limitOption,
  outOption,
  ownTasksOption,
  rewardOption,
  suiteOption,
  taskOption,
  viewOption,
  withRewardJudge,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { print, shownPath } from './shared/printing.ts';
import { taskSource } from './shared/task-source.ts';

const serve: CommandDefinition = {
  summary:
    'serve a suite or your own tasks as environments for outside trainers (Open Reward Standard; docs/environment-server.md)',
  define: async (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addAliasFlags(command);
    addOwnServerFlags(command);
    const flagged = command
      .addOption(suiteOption())
      .addOption(ownTasksOption(learntTasksHelp))
      .addOption(taskOption())
      .addOption(viewOption().default('tool'))
      .addOption(executionOption())
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
      .addOption(freshOption());
    (await withRewardJudge(flagged)).action(async ({ suite: house, tasks: file, task, limit: tasks, ...flags }) => {
      const { view, execution, families, reward, sessions, host, port, tokenFile, reapAfter, out, fresh } = flags;
      const { readToken, serve: serveUntilStopped } = await import('../finetune/ors/serve.ts');
      const { judgeChosen } = await import('./shared/judge-chosen.ts');
      const { judgeOfReward } = await import('./shared/jobs.ts');
      const { servedSource } = await import('./shared/run-identity.ts');
      const { servedOptions } = await import('./shared/served.ts');
      const source = taskSource({ suite: house, tasks: file, task }, { isDivided: true });
      const choice = {
        source,
        view,
        execution,
        reward,
        tasks,
        families,
        ...judgeOfReward(reward, judgeChosen(flags, file)),
      };
      const folder = await serveUntilStopped({
        ...(await servedOptions('serve', choice, servedSource)),
        sessions,
        host,
        port,
        unheardSeconds: reapAfter,
        out: out === undefined ? undefined : resolve(out),
        isFresh: fresh === true,
        ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
      });
      print(`Sessions recorded in ${shownPath(folder)}; \`toolstone report\` makes the page.`);
    });
  },
};
export default serve;
