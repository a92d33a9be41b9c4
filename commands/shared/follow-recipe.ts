import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/near-names.ts';
import { readRecipe } from '../../finetune/drive/recipe.ts';

/**
 * Gives a command what a recipe says of the stage that its first argument names, in place of flags that the user left out.
 * Throws `UsageError` with what is wrong in the recipe.
 */
export function followRecipe(command: CommandUnknownOpts, named: string): void {
  const stages = readRecipe(named);
  const [stage = ''] = command.args;
  const flags = stages.get(stage);
  if (!flags)
    throw new UsageError(`The recipe ${named} has no stage ${stage}. It has ${[...stages.keys()].join(', ')}.`);
  for (const [flag, value] of Object.entries(flags))
    give(command, `The recipe ${named}, ${stage}: ${flag}`, flag, value);
}

/** Sets a flag that the user did not, nor one that excludes it. */
function give(command: CommandUnknownOpts, place: string, flag: string, value: string | number | boolean): void {
  const names = command.options.flatMap(({ long }) => long?.slice(2) ?? []).filter((name) => name !== 'recipe');
  const option = command.options.find(({ long }) => long === `--${flag}`);
  if (!option || !names.includes(flag))
    throw new UsageError(`${place} is no flag of toolstone ${command.name()}.${didYouMean(flag, names)}`);
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  const rivals = (option as unknown as { readonly conflictsWith: readonly string[] }).conflictsWith;
  if ([option.attributeName(), ...rivals].some(isGiven)) return;
  if ((typeof value === 'boolean') !== option.isBoolean())
    throw new UsageError(`${place} ${option.isBoolean() ? 'is true or false' : 'needs a value'}.`);
  command.setOptionValueWithSource(option.attributeName(), readAs(option, place, value), 'config');
}

function readAs(
  option: CommandUnknownOpts['options'][number],
  place: string,
  value: string | number | boolean,
): unknown {
  if (typeof value === 'boolean' || !option.parseArg) return typeof value === 'boolean' ? value : String(value);
  try {
    return option.parseArg(String(value), undefined as never);
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(`${place}: ${error.message}`);
    throw error;
  }
}
