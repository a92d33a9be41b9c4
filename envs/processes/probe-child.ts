import { readFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import { chooseOwnServers } from '../client-files/choice.ts';
import { adoptConfinement } from '../confinement/choice.ts';
import { addServers } from '../server-list.ts';
import { ownServer } from '../own-server.ts';
import { chooseDeadlines } from './deadlines.ts';
import { probe, type ProbeInput } from './probe.ts';

/**
 * `probe-child NAME…` prints the servers' tool lists as JSON, or the sentence that says why not on stderr, exit code 2.
 * Users' own servers among them come on standard input, which no list of processes shows.
 */
try {
  const { sources, deadlines, confinement, ownServers } = JSON.parse(readFileSync(0, 'utf8')) as ProbeInput;
  chooseDeadlines(deadlines);
  adoptConfinement(confinement);
  chooseOwnServers(ownServers);
  addServers(Object.entries(sources).map(([name, source]) => ownServer(name, source).definition));
  process.stdout.write(JSON.stringify(await probe(process.argv.slice(2))));
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 2;
}
