import { openSandbox } from '../../envs/programs/sandbox.ts';
const s = openSandbox({ seed: 1, servers: ['fs', 'memory'] });
const run = async (code: string) => {
  const t = performance.now();
  const end = await s.run(code, async (calls) => calls.map((c) => c.tool === 'bad' ? { isOk: false, message: 'no such tool' } : { isOk: true, json: JSON.stringify({ got: c.args, n: [1, { a: 2 }] }) }), new AbortController().signal);
  console.log((performance.now() - t).toFixed(1), JSON.stringify(end));
};
for (const code of process.argv.slice(2)) await run(code);
s.close();
