import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { WireChoice } from '../../core/wire/wire-types.ts';
import { wireChoice } from './flag-values.ts';

/**
 * Adds to a command whether its conversations with servers and models are recorded, or answered by a recording; it holds from before
 * its action, so that a strict replay starts no server to ask it for its tools.
 */
export function addWireFlag(command: CommandUnknownOpts): void {
  command
    .option(
      '--wire <mode:folder>',
      'record:FOLDER keeps what servers and models answer; replay:FOLDER answers by that, and asks only where it holds nothing; strict:FOLDER ' +
        'asks nobody, so that it needs no server, model or network (docs/wire.md)',
      wireChoice,
    )
    .hook('preAction', async (_, acting) => {
      const { wire } = acting.opts() as { readonly wire?: WireChoice };
      if (wire === undefined) return;
      const { chooseWire } = await import('../../core/wire/chosen.ts');
      chooseWire(wire);
      if (wire.mode !== 'strict') return;
      const { openRecording } = await import('../../core/wire/recording.ts');
      const { adoptToolLists } = await import('../../envs/toolspaces.ts');
      adoptToolLists(openRecording(wire.folder).header.lists);
    });
}
