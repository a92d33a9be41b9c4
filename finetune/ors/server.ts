import { createServer, maxHeaderSize, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { EpisodeTools } from '../../core/run/episode.ts';
import type { Job, Limits } from '../../core/run-types.ts';
import type { WorldPool } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { authorise, isLoopback } from './access.ts';
import { type CatalogueOptions, openCatalogue, type TaskPlace } from './catalogue.ts';
import { Refusal, sendRefusal } from './http.ts';
import { restingPool } from './resting-pool.ts';
import { answer } from './routes.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionRewards } from './session-rewards.ts';
import { openSessions, type SessionCounts } from './sessions.ts';

export interface OrsOptions extends CatalogueOptions {
  readonly job: Job;
  readonly rewards: SessionRewards;
  /** Those that the user gave. */
  readonly limits: Partial<Limits>;
  readonly counter?: EpisodeTools['counter'];
  /** Episodes at a time, each in a world of its own. */
  readonly sessions: number;
  /** A session whose client is not heard of for so long is closed; worlds nobody needs are put away as long after. */
  readonly unheardSeconds: number;
  readonly openPool: (lanes: number) => WorldPool;
  readonly record: SessionRecord;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Asked of every request but that for `/health`. */
  readonly token?: string;
  readonly version: string;
  /** Hears of faults of the server's own. */
  readonly told: (sentence: string) => void;
}

export interface OrsServer {
  readonly url: string;
  readonly counts: () => SessionCounts;
  /** Ends sessions, worlds and connections. Unfinished episodes are not recorded. */
  readonly close: () => Promise<void>;
}

/** Longer than clients keep an idle connection, lest one be closed just as they use it again. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/**
 * An environment server of the Open Reward Standard over a suite: https://openrewardstandard.io. Every session is an
 * ordinary episode whose policy is the client. Throws `UsageError`.
 */
export async function startOrs(options: OrsOptions): Promise<OrsServer> {
  const { host, token, sessions: most, job, suite, limits, counter, told, version } = options;
  if (token === undefined && !isLoopback(host))
    throw new UsageError(`Whoever can reach ${host} could use the server. Give a token for that, or serve 127.0.0.1.`);
  const openView = withExecution(options.openView, job.execution);
  const catalogue = openCatalogue({ ...options, openView });
  const pool = restingPool(() => options.openPool(most));
  const sessions = openSessions({ ...options, most, tools: { suite, openView, limits, counter, pool } });
  const tellOther = tellingOther(told);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, (request, response) => {
    response.on('error', () => undefined); // the client went away; it comes back for its answer, or is not heard of
    const work = async () => {
      authorise(request, token);
      await answer(request, response, { catalogue, sessions, version, tellOther });
    };
    work().catch((error: unknown) => {
      const isRefusal = error instanceof Refusal;
      if (!isRefusal) told(`A request failed: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else sendRefusal(response, isRefusal ? error : new Refusal(500, `The server failed: ${messageOf(error)}`));
    });
  });
  server.on('clientError', refuseUnread);
  const port = await listen(server, host, options.port);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    counts: sessions.counts,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await sessions.close();
      server.closeAllConnections();
      await Promise.all([closed, pool.dispose()]);
    },
  };
}

/** Tells, once for each split, that its tasks offer other functions than those which trainers have fixed. */
function tellingOther(told: OrsOptions['told']): (place: TaskPlace) => void {
  const splits = new Set<string>();
  return ({ task, split }) => {
    if (splits.has(split)) return;
    splits.add(split);
    told(
      `Tasks of the split ${split}, such as ${task.id}, offer other functions than GET /tools. ` +
        'Their clients have to ask GET /task_tools in the session.',
    );
  };
}

/** Of what is no request at all Node would say nothing but a number. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isLong = error.code === 'HPE_HEADER_OVERFLOW';
  const [status, detail] = isLong
    ? ['431 Request Header Fields Too Large', `The headers are longer than ${maxHeaderSize} bytes.`]
    : ['400 Bad Request', `The request is no HTTP that can be read (${error.code ?? error.message}).`];
  const body = JSON.stringify({ detail });
  const head = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'));
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const cause =
      code === 'EADDRINUSE'
        ? `Port ${port} of ${host} is taken. Give another with --port, or stop what listens there.`
        : `The server cannot listen on ${host}, port ${port}: ${messageOf(error)}. Give another --host or --port.`;
    throw new UsageError(cause, { cause: error });
  }
  return (server.address() as AddressInfo).port;
}
