import { listInstead } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { listedHere, offered } from './offered.ts';

/** `offered-child N` prints the most megabytes of this process, which calls two servers of a world in which N are offered. */
listInstead(listedHere);
const pool = openWorldPool({ lanes: 1, level: 'arguments' });
await pool.use({ servers: offered.slice(0, Number(process.argv[2])), files: {} }, 1, async ({ call }) => {
  await call('filesystem', 'list_allowed_directories', {});
  await call('memory', 'read_graph', {});
});
await pool.dispose();
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
