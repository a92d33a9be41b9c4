import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { listIn, type List } from '../../core/list.ts';
import { offerLibrary } from '../../core/own-module.ts';
import type { CommandDefinition } from './definition.ts';
import { toTerminal } from '../../core/terminal.ts';
import { endWell, exitCodesText, failWith } from './exit-codes.ts';
import { library } from './places.ts';
import { packagePath, packageVersion } from './version.ts';

/** The folder `commands` is the list of commands. */
const commands = listIn<CommandDefinition>(new URL('../', import.meta.url), 'command');

/** Does what the user typed after the program's name, and sets the exit code. */
export async function commandLine(words: readonly string[]): Promise<void> {
  endWell();
  offerLibrary(library);
  try {
    const program = await programOf(commands, words[0] === 'help' ? words[1] : words[0]);
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    failWith(error);
  }
}

/**
 * The program with the command that the first word names. Where it names none, that is for the list of commands and for a
 * misspelt one: all stand there by their summaries alone, since their flags may load what they choose among.
 */
export async function programOf(list: List<CommandDefinition>, word: string | undefined): Promise<Command> {
  const names = list.names();
  const program = new Command('toolstone')
    .usage('<command> [arguments and flags]')
    .description('Measure and train models that use tools, on real MCP servers')
    .version(packageVersion())
    .showHelpAfterError('(--help lists the commands and flags)')
    .addHelpText('after', helpText)
    .configureOutput({
      writeOut: (text) => toTerminal(process.stdout, text),
      writeErr: (text) => toTerminal(process.stderr, text),
    })
    .exitOverride();
  for (const name of names) {
    if (names.includes(word ?? '') && name !== word) continue;
    const { summary, define } = await list.load(name);
    const command = program.command(name).description(summary);
    if (name === word) await define(command);
  }
  tellMissingLast(program);
  return program;
}

/** Every command, with all of its flags. */
export async function everyCommand(): Promise<readonly CommandUnknownOpts[]> {
  return Promise.all(
    commands.names().map(async (name) => {
      const command = new Command(name);
      await (await commands.load(name)).define(command);
      return command;
    }),
  );
}

/** A misspelt flag is told before a required one that is missing: they are often the same. */
function tellMissingLast(command: CommandUnknownOpts): void {
  command.commands.forEach(tellMissingLast);
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.makeOptionMandatory(false);
  command.hook('preAction', (_, acting) => {
    const missing = required.find((option) => acting.getOptionValue(option.attributeName()) === undefined);
    if (missing) acting.error(`error: required option '${missing.flags}' not specified`);
  });
}

/** Stands below the list of commands. */
const helpText = `
Start here:
  toolstone bench
      Train and compare the small policy, and write reports/runs/bench/report.html.
  toolstone run --policy retrieval
      Measure a simple policy that needs no model.
  toolstone run --policy ollama:qwen3:4b
      Measure a model of a local Ollama server (OLLAMA_HOST names another server).
  toolstone run --policy openai:MODEL
      Measure a model behind an OpenAI-compatible endpoint (OPENAI_BASE_URL, OPENAI_API_KEY; docs/models.md).

Your own servers and tasks (docs/own-tasks.md, docs/gate.md):
  toolstone init mcp.json
      Write a task file for the servers of your MCP client, and a CI workflow.
  toolstone run --policy ollama:qwen3:4b --tasks FILE
      Measure a model on your own tasks.
  toolstone gate --tasks FILE
      Fail if your tasks go worse than in the reference that you accepted.

Train, and compare:
  toolstone train --reward rubric
      Train the small policy. Its checkpoints are policies, too:
  toolstone run --policy pointer:RUN/checkpoints/NAME.checkpoint
  toolstone run --policy old=llama:A.gguf --policy new=llama:B.gguf --split test --split wording
      Compare two policies on two splits.

If a run is interrupted, re-run the same command to resume. With the same --out and further policies or splits, a run
is extended. Results depend on random seeds and names only, never on --concurrency.

${exitCodesText}

Pages named as docs/… are in the folder ${packagePath('docs')}.
`;
