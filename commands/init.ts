import { realFlag } from './shared/own-server-flags.ts';
import {
  addServerFlags,
  ceilingsOf,
  pricesOption,
  replyDeadlineOption,
  requestsPerMinuteOption,
  totalMoneyOption,
  totalSecondsOption,
  totalTokensOption,
} from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { wholeNumber } from './shared/flag-values.ts';

const init: CommandDefinition = {
  summary: 'write a task file for servers, to be completed or drafted by a model, and a CI workflow',
  define: (command) => {
    addServerFlags(command);
    command
      .argument(
        '[servers...]',
        'a client file of servers, such as mcp.json, or names of `toolstone servers`; by default mcp.json, .mcp.json, ' +
          '.vscode/mcp.json or .cursor/mcp.json of this folder',
      )
      .option('--out <file>', 'task file to write, in YAML', 'own-tasks.yaml')
      .option('--workflow <file>', 'workflow of GitHub Actions to write', '.github/workflows/toolstone-gate.yml')
      .option('--no-workflow', 'write none')
      .option('--force', 'write over files that are there already')
      .option(...realFlag)
      .option(
        '--policy <model>',
        'openai:MODEL, ollama:MODEL or llama:FILE.gguf, which drafts tasks; each is played before it is kept',
      )
      .option('--drafts <n>', 'tasks of each server that the model is asked for', wholeNumber, 3)
      .addOption(requestsPerMinuteOption())
      .addOption(totalTokensOption())
      .addOption(totalMoneyOption())
      .addOption(totalSecondsOption())
      .addOption(pricesOption())
      .addOption(replyDeadlineOption())
      .addHelpText('after', helpText)
      .action(async (words, options) => {
        const { writeTaskFile } = await import('./shared/init.ts');
        const isEnough = await writeTaskFile(words, { ...options, ceilings: ceilingsOf(options) });
        if (!isEnough) process.exitCode = exitCodes.notEnoughData;
      });
  },
};
export default init;

const helpText = `
Without --policy each server gets one example, made from its tools' schemas, in which <TODO: …> marks what only you can write;
\`toolstone tasks check\` says what is left. With --policy the model is shown the tools and writes tasks with plans and checks. Each
plan is played twice on the live servers, in fresh worlds; tasks are kept whose plan passes and in which doing nothing
fails, and what is dropped is said with the reason. A server of which none is kept gets an example. Exit code 3: no draft was kept.

  toolstone init mcp.json                                   an example a server, and .github/workflows/toolstone-gate.yml
  toolstone init mcp.json --policy ollama:qwen3:4b --total-tokens 100000
  toolstone init git sqlite --out published.yaml --no-workflow
`;
