import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { CommandDefinition } from './shared/definition.ts';
import { print } from './shared/printing.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

const completion: CommandDefinition = {
  summary: 'print a script that makes your shell complete commands and flags',
  define: (command) => {
    command
      .addArgument(new Argument('<shell>', 'e.g. `source <(toolstone completion bash)` in ~/.bashrc').choices(shells))
      .action(async (shell) => {
        const { everyCommand } = await import('./shared/command-line.ts');
        const words = (await everyCommand()).map((one) => [one.name(), wordsOf(one)] as const);
        print(shell === 'fish' ? fishScript(words) : bashScript(words, shell === 'zsh'));
      });
  },
};
export default completion;

/** A command's name with what may follow it: its own commands, and the flags of all of these. */
type Completed = readonly (readonly [name: string, words: readonly string[]])[];

/** What may follow a command. */
function wordsOf(command: CommandUnknownOpts): string[] {
  const flags = [command, ...command.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  return [...command.commands.map((one) => one.name()), ...new Set([...flags, '--help'])];
}

/** Whatever is neither a command nor a flag is completed as a file. */
function bashScript(completed: Completed, isZsh: boolean): string {
  const cases = completed.map(([name, words]) => `    ${name}) words='${words.join(' ')}' ;;`);
  return [
    ...(isZsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_toolstone() {',
    '  local words=""',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words='${completed.map(([name]) => name).join(' ')} --help --version'; fi`,
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _toolstone toolstone',
  ].join('\n');
}

function fishScript(completed: Completed): string {
  const lines = completed.flatMap(([name, words]) => [
    `complete -c toolstone -n __fish_use_subcommand -a ${name}`,
    ...words.map((word) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c toolstone -n '__fish_seen_subcommand_from ${name}' ${what}`;
    }),
  ]);
  return lines.join('\n');
}
