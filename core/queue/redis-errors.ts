import { messageOf, UsageError } from '../errors.ts';
import type { QueueAddress } from './address.ts';
import { prefix } from './names.ts';

/** Starts a Redis that can hold a queue. */
export const starting = 'redis-server --appendonly yes --save ""';

/** Why a Redis cannot be opened, with the cure. */
export function unreachable(address: QueueAddress, error: unknown): UsageError {
  const { shown, isEncrypted } = address;
  const said = saidBy(error, address);
  if (isForbidden(error)) return forbidden(address, error);
  if (/NOAUTH|WRONGPASS|AUTH/.test(said))
    return new UsageError(
      `The Redis at ${shown} refuses the user: ${said}. Set TOOLSTONE_REDIS_PASSWORD, and TOOLSTONE_REDIS_USER where it is not the default user.`,
    );
  if (/certificate|CERT_|SSL|TLS|EPROTO|wrong version/i.test(said))
    return new UsageError(
      `No encrypted connection to the Redis at ${shown}: ${said}. ${isEncrypted ? 'Name the file of your own authority by NODE_EXTRA_CA_CERTS, or write redis:// for a Redis without TLS.' : 'Write rediss:// for a Redis with TLS.'}`,
    );
  return new UsageError(
    `The Redis at ${shown} does not answer: ${said || 'the connection was closed'}. Start it, for example with ${starting}, or check address and port; for a Redis ${isEncrypted ? 'without TLS write redis' : 'with TLS write rediss'}://.`,
  );
}

/** An error's words, in which neither user nor password stands: from version 7.2 on a Redis names the user whom it forbids something. */
function saidBy(error: unknown, { user, password }: QueueAddress): string {
  const message = messageOf(error).replace(/\.$/, '');
  const withoutUser = user === undefined ? message : message.replaceAll(`User ${user} `, 'this user ');
  return password === undefined ? withoutUser : withoutUser.replaceAll(password, '…');
}

/** Whether Redis refused to write, since its memory is full. */
const isFull = (error: unknown): boolean => error instanceof Error && /\bOOM\b/.test(error.message);

/** Whether the user may not do that. */
export const isForbidden = (error: unknown): boolean => error instanceof Error && /\bNOPERM\b/.test(error.message);

/** Whether a Redis that can be reached will not do what a queue needs, however often it is asked. */
export const isRefusal = (error: unknown): boolean => isFull(error) || isForbidden(error);

/** The same error, or where Redis refuses what a queue needs a `UsageError` that says why. */
export const inWords = (error: unknown, address: QueueAddress): Error => {
  if (isForbidden(error)) return forbidden(address, error);
  if (!isFull(error)) return error instanceof Error ? error : new Error(String(error));
  return new UsageError(
    `The Redis at ${address.shown} is full: its maxmemory is reached. Give it more, as with redis-cli config set maxmemory 2gb. ` +
      'What was finished is kept: re-run the same command to resume.',
    { cause: error },
  );
};

const forbidden = (address: QueueAddress, error: unknown): UsageError =>
  new UsageError(
    `The Redis at ${address.shown} does not let the user do what a queue needs: ${saidBy(error, address)}. ` +
      `Grant it: redis-cli acl setuser USER '~${prefix}:*' +@all -@dangerous +info '+config|get' '+client|list'`,
  );
