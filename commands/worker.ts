import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';
import { addConfinementFlag } from './shared/server-flags.ts';

const worker: CommandDefinition = {
  summary: 'play what runs with --queue hand out, on any number of machines',
  define: (command) => {
    addConfinementFlag(command);
    command
      .argument(
        '<address>',
        'the Redis that the run was given: redis://HOST:PORT, or rediss:// with TLS (docs/scale.md)',
      )
      .option(
        '--concurrency <n>',
        'episodes to play in parallel on this machine; affects only the time; by default as many as suit the cores, or 8 if a policy is a model',
        wholeNumber,
      )
      .option('--once', 'end with the first run instead of waiting for the next one')
      .action(async (address, { concurrency, once }) => {
        const { queueAddress } = await import('../core/queue/address.ts');
        const { serveQueue } = await import('../core/queue/serve-queue.ts');
        const { queuePlayer } = await import('./shared/queue-player.ts');
        const { exitCodes } = await import('./shared/exit-codes.ts');
        const { tell } = await import('./shared/printing.ts');
        const stop = new AbortController();
        const onSignal = () => {
          if (stop.signal.aborted) process.exit(exitCodes.interrupted);
          stop.abort();
        };
        process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
        try {
          await serveQueue({
            address: queueAddress(address),
            isOnce: once === true,
            prepare: (session) => queuePlayer(session, concurrency),
            tell,
            signal: stop.signal,
          });
        } finally {
          process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
        }
      });
  },
};
export default worker;
