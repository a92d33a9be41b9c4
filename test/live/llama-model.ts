import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../../envs/world-places.ts';
import { model } from './ollama-server.ts';

const models = join(cacheFolder(), 'ollama', 'models');

interface OllamaManifest {
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
}

/** The GGUF file behind a model that test/live/setup-ollama.sh adds, or what adds whatever is absent. */
export function cachedModel(name = model): { readonly path: string } | { readonly missing: string } {
  const manifest = join(models, 'manifests', 'registry.ollama.ai', 'library', name, 'latest');
  if (!existsSync(manifest)) return { missing: 'test/live/setup-ollama.sh' };
  try {
    createRequire(import.meta.url).resolve('node-llama-cpp');
  } catch (error) {
    // an ES module that is there says that nothing may require it
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      return { missing: 'npm install --no-save node-llama-cpp@3.21.1' };
    }
  }
  const { layers } = JSON.parse(readFileSync(manifest, 'utf8')) as OllamaManifest;
  const { digest } = layers.find(({ mediaType }) => mediaType.endsWith('.image.model')) ?? { digest: '' };
  return { path: join(models, 'blobs', digest.replace(':', '-')) };
}
