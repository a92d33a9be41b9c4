import { defaultLimits } from '../../core/run/limits.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { serve, servedRun } from '../../finetune/ors/serve.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';
import { failWith } from '../../commands/shared/exit-codes.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';

/** A process that serves suite `smoke`, recording in the folder given: `serve-child.ts FOLDER PORT UNHEARD_SECONDS`. */
const [out = '', port = '0', unheardSeconds = '60'] = process.argv.slice(2);

const suite = await suiteNamed('smoke');
const { name, job } = servedRun(suite, { view: 'tool', execution: 'calls', reward: 'sparse', tasks: 12 });

await serve({
  suite,
  job,
  tasks: 12,
  openView: toolView,
  rewards: codeRewards('sparse'),
  limits: defaultLimits,
  sessions: 8,
  unheardSeconds: Number(unheardSeconds),
  openPool: (lanes) => openWorldPool({ lanes }),
  host: '127.0.0.1',
  port: Number(port),
  version: '0',
  told: (sentence) => void process.stderr.write(`${sentence}\n`),
  manifest: {
    version: 1,
    name,
    command: 'serve',
    suite: 'smoke',
    toolstone: { version: '0', source: '', commit: '', dirty: false },
    node: process.versions.node,
    servers: {},
    limits: defaultLimits,
    rubricFormula: '',
    jobs: [job],
  },
  base: out,
  out,
  isFresh: false,
  clock: () => performance.now(),
}).catch(failWith);
