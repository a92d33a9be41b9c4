import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formNames, namingNames } from '../../reports/context/form-names.ts';
import { clientFile, tool } from './listed-servers.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const page = readFileSync(new URL('../../docs/context.md', import.meta.url), 'utf8');

test.runIf(isWhole)(
  'every command of docs/context.md does what stands beside it',
  async () => {
    const folder = temporaryFolder();
    clientFile(folder, { documented: { tools: [tool('find', 'Finds.')] } });
    const lines = (/```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '').trim().split('\n');
    expect(lines.length).toBe(7);
    for (const line of lines) {
      const [command = '', output] = (line.split('#')[0] ?? '').split('>').map((part) => part.trim());
      const words = command
        .split(/\s+/)
        .slice(1)
        .map((word) => (/\.(json|html)$/.test(word) ? join(folder, word) : word));
      const { code, stdout, stderr } = await toolstone(...words);
      expect([code, stdout], `${line}: ${stderr}`).toEqual([
        0,
        expect.stringMatching(/tools? of \d+ servers?|"version": 1/),
      ]);
      if (output !== undefined) writeFileSync(join(folder, output), stdout);
    }
    expect(existsSync(join(folder, 'context.html'))).toBe(true);
  },
  120_000,
);

test('docs/context.md has every form and way of naming', () => {
  for (const form of formNames) expect(page).toMatch(new RegExp(`^\\| \`${form}\``, 'm'));
  for (const naming of namingNames) expect(page).toContain(`\`${naming}\``);
});
