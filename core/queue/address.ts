import { UsageError } from '../errors.ts';

/** Where a queue is, and by whose name it is opened. */
export interface QueueAddress {
  /** For messages: neither user nor password stands in it. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  /** Number of the database, from 0. */
  readonly database: number;
  /** Encrypted by TLS. */
  readonly isEncrypted: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** Variables that hold who opens a Redis: in an address they would stand in lists of processes and in histories of shells. */
const userVariable = 'TOOLSTONE_REDIS_USER';
const passwordVariable = 'TOOLSTONE_REDIS_PASSWORD';

const standardPort = 6379;

/** Reads `redis://HOST:PORT/DATABASE` or `rediss://…`. Throws `UsageError`, in which no part of a user or password stands. */
export function queueAddress(text: string, environment: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = URL.parse(text);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
    throw new UsageError(
      'This is no address of a Redis. Write redis://HOST:PORT, or rediss://HOST:PORT for one with TLS; a number of a database may follow, as in redis://HOST:PORT/1.',
    );
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `Other users of a machine can read the words of a command. Leave user and password out of the address, and set ${userVariable} and ${passwordVariable} in the environment.`,
    );
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,4}$/.test(path) || url.search !== '' || url.hash !== '')
    throw new UsageError(
      `Behind the port of a Redis stands the number of a database, or nothing, and not "${path}${url.search}${url.hash}". Write ${url.protocol}//${url.host}, or ${url.protocol}//${url.host}/1.`,
    );
  const port = url.port === '' ? standardPort : Number(url.port);
  const database = Number(path);
  const user = environment[userVariable];
  const password = environment[passwordVariable];
  return {
    shown: `${url.protocol}//${url.hostname}:${port}${database === 0 ? '' : `/${database}`}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    database,
    isEncrypted: url.protocol === 'rediss:',
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
  };
}
