import { openWorldPool } from '../../envs/world-pool.ts';

/** Opens a world, calls a server that dies with its stdin and one that does not, says so, and never cleans up. */
const pool = openWorldPool({ lanes: 1 });
await pool.use({ servers: ['memory', 'obsidian'], files: {} }, 1, async ({ call }) => {
  await call('memory', 'read_graph', {});
  await call('obsidian', 'list-available-vaults', {});
  process.stdout.write('ready\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
