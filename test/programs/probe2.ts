import { openSandbox } from '../../envs/programs/sandbox.ts';
import { programLimits } from '../../envs/programs/limits.ts';
const s = openSandbox({ seed: 1, servers: ['fs', 'memory'], limits: {...programLimits, fuelTicks: 1000} });
const run = async (code: string) => {
  const t = performance.now();
  const end = await s.run(code, async (calls) => calls.map((c) => ({ isOk: true, json: JSON.stringify({ got: c.args, n: [1, { a: 2 }] }) })), new AbortController().signal);
  console.log((performance.now() - t).toFixed(1), JSON.stringify(end));
};
for (const code of process.argv.slice(2)) await run(code);
s.close();
