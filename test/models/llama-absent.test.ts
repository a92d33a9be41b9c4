import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/toolstone.ts';

const library = fileURLToPath(new URL('../../core/models/llama-library.ts', import.meta.url));

/** Says of a package what Node says where it is absent. */
const hideLibrary = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    return next(specifier === 'node-llama-cpp' ? 'a-package-that-nobody-has' : specifier, context);
  },
});
const { loadModel } = await import(${JSON.stringify(library)});
await loadModel(process.argv[1], 1).catch((error) => console.log(error.name + ': ' + error.message));
`;

test('without the optional library the user is told the one command that adds it', async () => {
  const path = join(temporaryFolder(), 'model.gguf');
  const head = Buffer.alloc(64);
  head.write('GGUF');
  head.writeUInt32LE(3, 4);
  writeFileSync(path, head);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', hideLibrary, path]);
  expect(stdout.trim()).toBe(
    'UsageError: A llama policy runs in node-llama-cpp, which is not installed. ' +
      'Add it with: npm install --no-save node-llama-cpp@3.21.1',
  );
});
