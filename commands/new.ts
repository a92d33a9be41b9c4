import { Argument } from '@commander-js/extra-typings';
import type { CommandDefinition } from './shared/definition.ts';
import { print } from './shared/printing.ts';
import type { PartKind } from './shared/write-part.ts';

const kinds = ['policy', 'judge', 'learner', 'server', 'verifier', 'family'] as const satisfies readonly PartKind[];

const make: CommandDefinition = {
  summary:
    'write a first version of your own policy, judge, learner, server, verifier or task family (docs/own-parts.md)',
  define: (command) => {
    command
      .addArgument(new Argument('<kind>', 'what to write').choices(kinds))
      .argument('<name>', 'name of the part, and of its file')
      .option(
        '--out <folder>',
        'folder to write to; by default the current folder. A family always goes to suites/families in the repository',
      )
      .action(async (kind, name, { out }) => {
        const { writePart } = await import('./shared/write-part.ts');
        const { files, next } = writePart({ kind, name, out });
        print(`Wrote ${files.join(' and ')}, an example that runs as it is: change it to what you want. ${next}`);
      });
  },
};
export default make;
