import { resolve } from 'node:path';
import { rewardNames } from '../core/reward-types.ts';
import { addDeadlineFlags } from './shared/deadline-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';
import { freshOption, outOption, suiteOption, viewOption } from './shared/flags.ts';
import { print, runsFolder, shown, tell } from './shared/places.ts';

const serve: CommandDefinition = {
  summary: 'an environment server for trainers (Open Reward Standard): any suite, every session a recorded episode',
  define: (command) => {
    addDeadlineFlags(command);
    command
      .addOption(suiteOption())
      .addOption(viewOption().default('tool'))
      .option('--reward <name>', `given at the end: ${rewardNames.join(', ')}`, 'rubric')
      .option('--sessions <n>', 'episodes at a time; a session beyond them is refused', wholeNumber, 8)
      .option('--tasks <n>', 'tasks of each split', wholeNumber, 1000)
      .option('--families <names>', 'only these, with commas between')
      .option('--host <address>', 'another than this machine needs --token-file', '127.0.0.1')
      .option('--port <n>', 'port', wholeNumber, 8700)
      .option('--token-file <file>', 'file that holds the token which every request must carry')
      .option('--reap-after <seconds>', 'silence after which a session is closed', wholeNumber, 60)
      .addOption(outOption())
      .addOption(freshOption())
      .action(async ({ suite: suiteName, view, families, tokenFile, reapAfter, out, fresh, ...options }) => {
        const { defaultLimits } = await import('../core/run/limits.ts');
        const { viewNamed } = await import('../envs/view-list.ts');
        const { openWorldPool } = await import('../envs/world-pool.ts');
        const {
          readToken,
          rewardNamed,
          serve: serveUntilStopped,
          servedRun,
        } = await import('../finetune/ors/serve.ts');
        const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
        const { servedSource } = await import('./shared/run-identity.ts');
        const { manifestOf } = await import('./shared/manifest.ts');
        const { toolstone } = await import('./shared/run-and-report.ts');
        const suite = await suiteNamed(suiteName);
        const reward = rewardNamed(options.reward);
        const { name, job } = servedRun(suite, { view, reward, tasks: options.tasks });
        const code = toolstone();
        const folder = await serveUntilStopped({
          ...options,
          suite,
          job,
          reward,
          openView: await viewNamed(view),
          limits: defaultLimits,
          unheardSeconds: reapAfter,
          openPool: (lanes) => openWorldPool({ lanes }),
          version: code.version,
          told: tell,
          manifest: manifestOf('serve', name, suite, [job], code, servedSource(suite, view)),
          base: runsFolder,
          out: out === undefined ? undefined : resolve(out),
          isFresh: fresh === true,
          clock: () => performance.now(),
          ...(families === undefined ? {} : { families: families.split(',') }),
          ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
        });
        print(`Sessions recorded in ${shown(folder)}; \`toolstone report\` makes the page.`);
      });
  },
};
export default serve;
