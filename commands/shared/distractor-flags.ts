import type { CommandUnknownOpts } from '@commander-js/extra-typings';

export interface DistractorFlags {
  readonly tools?: string;
  readonly pool?: string;
}

export interface AliasFlags {
  readonly alias?: string;
}

/** Adds the size of the toolspace to a command that plays tasks; it holds from before its action. */
export function addDistractorFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--tools <n>',
      'add servers that the tasks do not need until there are at least this many tools; ' +
        'N?near=SHARE says how many of the added tools are of servers like those of the task, N?clash=SHARE how many are called like ' +
        'one of its tools, and N?seed=N makes another draw (docs/toolspaces.md)',
    )
    .option(
      '--pool <file>',
      "with --tools: draw the added servers from this configuration file of your MCP client instead of Toolstone's own",
    )
    .hook('preAction', async (_, acting) => {
      const { tools, pool } = acting.opts() as DistractorFlags;
      const { chooseDistractors } = await import('../../envs/distractors/choice.ts');
      const { distractorChoice } = await import('./distractor-choice.ts');
      chooseDistractors(distractorChoice({ tools, pool }));
    });
}

/** Adds other names for what tasks offer to a command that plays them; they hold from before its action. */
export function addAliasFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--alias <share>',
      'rename this share of the servers, tools and parameters in each task, and say their descriptions in other words (1 for all); ' +
        'SHARE?seed=N makes another draw, SHARE?per=number gives tasks of all families with the same number the same names, and ' +
        'SHARE?paraphrases=FILE takes descriptions from a file (docs/aliases.md)',
    )
    .hook('preAction', async (_, acting) => {
      const { alias } = acting.opts() as AliasFlags;
      const { chooseAliasing } = await import('../../envs/aliases/choice.ts');
      const { readAliasing } = await import('../../envs/aliases/request.ts');
      chooseAliasing(alias === undefined ? undefined : readAliasing(alias));
    });
}
