import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../commands/perf/redis-server.ts';
import { hasRedis, startRedis } from './real-redis.ts';

/** A server that was built without TLS trips over the first of these settings, and one with it over the second. */
const trip = ['--tls-port', '0', '--no-such-setting', '1'] as const;

/** Why queues with TLS are not tested here; undefined where they are. */
export const noTls: string | undefined = whyNoTls();

function whyNoTls(): string | undefined {
  if (!hasRedis) return 'redis-server is not installed (apt-get install redis-server)';
  if (spawnSync('openssl', ['version']).status !== 0) return 'openssl is not installed (apt-get install openssl)';
  const { stdout, stderr } = spawnSync('redis-server', trip, { encoding: 'utf8' });
  return /no-such-setting/.test(stdout + stderr) ? undefined : 'redis-server was built without TLS';
}

/** A Redis of a test's own with TLS, for one user with a password. */
export interface TlsRedis {
  /** As `--queue` takes it. */
  readonly address: string;
  /** Of the same server, without TLS. */
  readonly plain: string;
  /** What is behind the port with TLS, called as if it had none. */
  readonly mistaken: string;
  /** File of the authority that its certificate is of. */
  readonly authority: string;
}

export interface TlsUser {
  readonly user: string;
  readonly password: string;
  /** As an ACL of Redis writes them; by default those that docs/scale.md grants. */
  readonly rights?: readonly string[];
}

const enough = ['~toolstone:*', '+@all', '-@dangerous', '+info', '+config|get', '+client|list'] as const;

/** Starts one whose certificate is for 127.0.0.1 and of an authority made for the test; nobody but the user may do anything. */
export async function startTlsRedis({ user, password, rights = enough }: TlsUser): Promise<TlsRedis> {
  const { certificate, key, authority } = certificates();
  const port = await freePort();
  const tls = ['--tls-port', `${port}`, '--tls-cert-file', certificate, '--tls-key-file', key];
  const authorities = ['--tls-ca-cert-file', authority, '--tls-auth-clients', 'no'];
  const users = ['--user', 'default', 'off', '--user', user, 'on', `>${password}`, ...rights];
  const redis = await startRedis(...tls, ...authorities, ...users);
  const { port: plainPort } = new URL(redis.address);
  return {
    address: `rediss://127.0.0.1:${port}`,
    plain: `rediss://127.0.0.1:${plainPort}`,
    mistaken: `redis://127.0.0.1:${port}`,
    authority,
  };
}

/** An authority and a certificate of it for this machine, for a day; gone with the test. */
function certificates() {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const make = (name: string, ...more: readonly string[]) => {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', ...kind, '-subj', `/CN=${name}`, ...files, ...more], { stdio: 'ignore' });
  };
  make('authority');
  const signed = ['-CA', at('authority.pem'), '-CAkey', at('authority.key')];
  make('server', ...signed, '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE');
  return { certificate: at('server.pem'), key: at('server.key'), authority: at('authority.pem') };
}
