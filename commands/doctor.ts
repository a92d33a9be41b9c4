import type { CommandDefinition } from './shared/definition.ts';
import { print } from './shared/printing.ts';

const doctor: CommandDefinition = {
  summary: 'what this machine has, what each part is for, and the command that adds what is missing',
  define: (command) => {
    command.action(async () => {
      const { machineParts, partsText } = await import('./shared/machine.ts');
      print(partsText(machineParts()));
    });
  },
};
export default doctor;
