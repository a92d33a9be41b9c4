// Loaded before Toolstone: no MCP server can be started, for none is without its supervisor or the process that asks for tools.
const processes = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');

for (const name of ['spawn', 'spawnSync']) {
  const real = processes[name];
  processes[name] = (command, args, ...rest) => {
    if (/(?:supervisor|probe)-child/.test(String(args))) throw new Error('a server was started');
    return real(command, args, ...rest);
  };
}
syncBuiltinESMExports();
