import { realFlag } from './shared/own-server-flags.ts';
import { addServerFlags, ceilingsOf, withCeilings } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { wholeNumber } from './shared/flag-values.ts';

const init: CommandDefinition = {
  summary:
    'write a task file for your servers, for you to complete or drafted by a model, and a CI workflow (docs/gate.md)',
  define: (command) => {
    addServerFlags(command);
    withCeilings(
      command
        .argument(
          '[servers...]',
          'the configuration file of your MCP client, such as mcp.json, or names from `toolstone servers`; by default mcp.json, .mcp.json, ' +
            '.vscode/mcp.json or .cursor/mcp.json in this folder',
        )
        .option('--out <file>', 'YAML task file to write', 'own-tasks.yaml')
        .option('--workflow <file>', 'GitHub Actions workflow to write', '.github/workflows/toolstone-gate.yml')
        .option('--no-workflow', 'do not write a workflow')
        .option('--force', 'overwrite existing files')
        .option(...realFlag)
        .option(
          '--policy <model>',
          'model that drafts tasks: openai:MODEL, ollama:MODEL or llama:FILE.gguf; each task is played before it is kept',
        )
        .option('--drafts <n>', 'how many tasks the model drafts for each server', wholeNumber, 3),
    )
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
Examples:
  toolstone init mcp.json                         one example per server, and .github/workflows/toolstone-gate.yml
  toolstone init mcp.json --policy ollama:qwen3:4b --total-tokens 100000
  toolstone init git sqlite --out published.yaml --no-workflow

Without --policy, each server gets one example made from its tools' schemas. <TODO: …> marks what only you can write, and
\`toolstone tasks check\` says what is left. With --policy, the model sees the tools and writes tasks with plans and checks.
Each plan is played twice on the live servers, in fresh worlds. Tasks are kept if their plan passes and doing nothing
fails; for each other draft the reason is printed. A server without a kept draft gets an example. Exit code 3: no draft
was kept.
`;
