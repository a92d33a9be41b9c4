import { messageOf } from '../core/errors.ts';
import { probe } from './probe.ts';

/** `probe-child NAME…` prints the servers' tool lists as JSON, or the sentence that says why not on stderr, exit code 2. */
try {
  process.stdout.write(JSON.stringify(await probe(process.argv.slice(2))));
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 2;
}
