import { EndpointContextExceeded, EndpointRefusal, messageOf, PolicyFailure, UsageError } from '../errors.ts';
import { isNetworkError } from './connection.ts';
import { EndpointFault, LastingFault } from './fault.ts';
import { NoNativeTools, UnparsedCall } from './model-client.ts';

export interface FaultContext {
  /** e.g. `The endpoint at http://127.0.0.1:8080/v1`. */
  readonly endpoint: string;
  /** What was asked for, e.g. `POST http://127.0.0.1:8080/v1/chat/completions for the model "x"`. */
  readonly asked: string;
  /** What a user does when it does not answer. */
  readonly cure: string;
  /** What a user does when the route is not there, or something else answers on it. */
  readonly routeCure: string;
  /** What a user does when it refuses the key. */
  readonly keyCure: string;
  readonly hasTools: boolean;
  /** The request held images or sound. */
  readonly hasMedia?: boolean;
  /** Whether the endpoint answers the shortest request there is; absent where this was it. */
  readonly answers?: () => Promise<boolean>;
}

/**
 * Whose fault a request's failure is. The model's: its context, a filter, a call of its own that cannot be read. The request's
 * alone, where the endpoint answers others: `PolicyFailure`. Else nothing that is asked of this endpoint will be answered, which
 * is a `UsageError`.
 */
export async function verdictOn(error: unknown, context: FaultContext): Promise<unknown> {
  const { asked, answers } = context;
  if (error instanceof EndpointFault) {
    const known = knownFault(error, context);
    if (known) return known;
  } else if (!(error instanceof LastingFault)) return error;
  const what =
    error instanceof LastingFault ? error.message : `${context.endpoint} answered ${error.status}: ${error.message}`;
  if (!isOfAll(error) && answers && (await answers()))
    return new PolicyFailure(`${what} (asked: ${asked}).`, { cause: error.cause });
  const last = error instanceof LastingFault ? error.cause : error;
  const isRoute = last instanceof EndpointFault && routeStatuses.has(last.status);
  return new UsageError(`${what}. Asked: ${asked}. ${isRoute ? context.routeCure : context.cure}`, { cause: error });
}

/** Such answers come where there is no such route, or of a server that is none of a model's. */
const routeStatuses = new Set([200, 301, 302, 307, 308, 404, 405, 410, 501]);

/** Says nothing of the request: whatever else is asked for will be answered so, too. */
function isOfAll(error: EndpointFault | LastingFault): boolean {
  const last = error instanceof LastingFault ? error.cause : error;
  return isNetworkError(last) || (last instanceof EndpointFault && [404, 405, 429, 503].includes(last.status));
}

function knownFault(fault: EndpointFault, context: FaultContext): Error | null {
  const { endpoint, asked, keyCure, hasTools, hasMedia = false } = context;
  const { kind, status } = fault;
  const says = `${status}: ${messageOf(fault)}`;
  if (kind === 'context') return new EndpointContextExceeded(`${endpoint} answered ${says}`, { cause: fault });
  if (kind === 'filter') return new EndpointRefusal(`${endpoint} answered ${says}`, { cause: fault });
  if (kind === 'unparsed-call') return new UnparsedCall(fault.message, { cause: fault });
  if (kind === 'no-tools' && hasTools) return new NoNativeTools(fault.message, { cause: fault });
  if (kind === 'no-media' && hasMedia) {
    const cure = 'Leave out images=on, or take a model that is shown them.';
    return new UsageError(`${endpoint} takes no such images or sound (${says}). Asked: ${asked}. ${cure}`, {
      cause: fault,
    });
  }
  if (kind === 'key') {
    return new UsageError(`${endpoint} refuses the key (${says}). Asked: ${asked}. ${keyCure}`, { cause: fault });
  }
  if (kind === 'credit') {
    return new UsageError(`${endpoint} wants to be paid first (${says}). Asked: ${asked}. Add credit there.`, {
      cause: fault,
    });
  }
  return null;
}
