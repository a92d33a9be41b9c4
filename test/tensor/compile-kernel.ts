import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const sourcePath = fileURLToPath(new URL('../../core/tensor/kernel.as', import.meta.url));
const bytesPath = fileURLToPath(new URL('../../core/tensor/kernel-bytes.ts', import.meta.url));

/** The text of `core/tensor/kernel-bytes.ts` as the pinned compiler makes it from `core/tensor/kernel.as`. */
export async function compileKernel(): Promise<string> {
  let binary: Uint8Array | undefined;
  const flags = '-O3 --noAssert --runtime stub --importMemory --enable simd --memoryBase 1024';
  const { error } = await main(['kernel.ts', '--outFile', 'kernel.wasm', ...flags.split(' ')], {
    readFile: (name) => (name === 'kernel.ts' ? readFileSync(sourcePath, 'utf8') : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error('The kernel does not compile', { cause: error });
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,112}/g) ?? [];
  const literal = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/** WebAssembly module compiled from \`kernel.as\` by test/tensor/compile-kernel.ts, base64. */\nexport const kernelBase64 =\n${literal};\n`;
}

if (import.meta.main) writeFileSync(bytesPath, await compileKernel());
