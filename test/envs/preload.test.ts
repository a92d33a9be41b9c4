import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const preload = fileURLToPath(new URL('../../envs/processes/preload/clock.cjs', import.meta.url));

/** What a server may ask of files, with what came of it in words; nothing that tells the time. */
const script = `
const fs = require('node:fs');
const { promises } = fs;
const { pathToFileURL } = require('node:url');
const told = [];
const ask = async (what, work) => {
  try {
    const value = await work();
    told.push([what, Buffer.isBuffer(value) ? 'bytes ' + value.toString('hex') : value ?? null]);
  } catch (error) {
    told.push([what, error.name, error.code ?? null, error.message, error.syscall ?? null]);
  }
};
(async () => {
  await ask('mkdir', () => promises.mkdir('a/b', { recursive: true }));
  await ask('mkdir again', () => promises.mkdir('a'));
  await ask('writeFile', () => promises.writeFile('a/one.txt', 'grüße\\n', 'utf8'));
  await ask('writeFile bytes', () => promises.writeFile('a/two.bin', new Uint8Array([0, 255, 3])));
  await ask('writeFile exclusive', () => promises.writeFile('a/one.txt', 'x', { flag: 'wx' }));
  await ask('writeFile nowhere', () => promises.writeFile('no/where.txt', 'x'));
  await ask('writeFile stream', async () => promises.writeFile('a/three.txt', (async function* () { yield 'p'; yield 'q'; })()));
  await ask('appendFile', () => promises.appendFile('a/one.txt', 'more'));
  await ask('readFile', () => promises.readFile('a/one.txt', 'utf8'));
  await ask('readFile bytes', () => promises.readFile('a/two.bin'));
  await ask('readFile streamed', () => promises.readFile('a/three.txt', { encoding: 'utf8' }));
  await ask('readFile folder', () => promises.readFile('a'));
  await ask('readFile missing', () => promises.readFile('a/none.txt', 'utf8'));
  await ask('readFile number', () => promises.readFile(1));
  await ask('readFile nothing', () => promises.readFile());
  await ask('readFile url', () => promises.readFile(pathToFileURL(process.cwd() + '/a/one.txt'), 'utf8'));
  await ask('readFile called off', () => promises.readFile('a/one.txt', { signal: AbortSignal.abort() }));
  await ask('readFile handle', async () => {
    const handle = await promises.open('a/one.txt');
    try { return await promises.readFile(handle, 'utf8'); } finally { await handle.close(); }
  });
  await ask('readdir', () => promises.readdir('a'));
  await ask('readdir entries', async () => (await promises.readdir('a', { withFileTypes: true })).map((one) => [one.name, one.isFile()]));
  await ask('readdir missing', () => promises.readdir('none'));
  await ask('stat', async () => { const one = await promises.stat('a/one.txt'); return [one.size, one.isFile(), one.mtimeMs !== undefined]; });
  await ask('lstat missing', () => promises.lstat('none'));
  await ask('realpath', async () => (await promises.realpath('a/../a/one.txt')).endsWith('/a/one.txt'));
  await ask('realpath missing', () => promises.realpath('none'));
  await ask('access', () => promises.access('a/one.txt', fs.constants.R_OK));
  await ask('access missing', () => promises.access('none'));
  await ask('copyFile', () => promises.copyFile('a/one.txt', 'a/copy.txt', fs.constants.COPYFILE_EXCL));
  await ask('copyFile again', () => promises.copyFile('a/one.txt', 'a/copy.txt', fs.constants.COPYFILE_EXCL));
  await ask('rename', () => promises.rename('a/copy.txt', 'a/moved.txt'));
  await ask('rename missing', () => promises.rename('a/copy.txt', 'a/moved.txt'));
  await ask('unlink', () => promises.unlink('a/moved.txt'));
  await ask('unlink folder', () => promises.unlink('a/b'));
  await ask('rmdir full', () => promises.rmdir('a'));
  await ask('rmdir', () => promises.rmdir('a/b'));
  await ask('readlink no link', () => promises.readlink('a/one.txt'));
  await ask('rm missing', () => promises.rm('none'));
  await ask('rm', () => promises.rm('a', { recursive: true, force: true }));
  process.stdout.write(JSON.stringify(told));
})();
`;

test('file work of a server has the same outcomes at once as by way of another thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-preload-'));
  try {
    const file = join(folder, 'script.cjs');
    writeFileSync(file, script);
    const [plain, patched] = [[], ['--require', preload]].map(
      (more) =>
        JSON.parse(
          execFileSync(process.execPath, [...more, file], { cwd: folder, encoding: 'utf8', env: {} }),
        ) as unknown[],
    );
    expect(plain).toHaveLength(38);
    expect(patched).toEqual(plain);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
