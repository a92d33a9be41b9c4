import type { CommandDefinition } from './shared/definition.ts';
import { print } from './shared/printing.ts';

const doctor: CommandDefinition = {
  summary: 'show which optional parts this machine has, what they are for, and the command that adds what is missing',
  define: (command) => {
    command.action(async () => {
      const { machineParts, partsText } = await import('./shared/machine.ts');
      print(partsText(machineParts()));
    });
  },
};
export default doctor;
