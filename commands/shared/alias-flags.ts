import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** Adds other names for what tasks offer to a command that plays them; they hold from before its action. */
export function addAliasFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--alias <share>',
      'rename this share of the servers, tools and parameters in each task, and say their descriptions in other words (1 for all); ' +
        'SHARE?seed=N makes another draw, and SHARE?paraphrases=FILE takes descriptions from a file (docs/aliases.md)',
    )
    .hook('preAction', async (_, acting) => {
      const { alias } = acting.opts() as { readonly alias?: string };
      const { chooseAliasing } = await import('../../envs/aliases/choice.ts');
      const { readAliasing } = await import('../../envs/aliases/request.ts');
      chooseAliasing(alias === undefined ? undefined : readAliasing(alias));
    });
}
