import { patientFetch } from '../../core/patient-fetch.ts';
import { BEGINNING_BYTES, MOST_ANSWER_BYTES } from './too-long.ts';

/** End of an event in a stream of them. */
const EVENT_ENDS = ['\n\n', '\n\r\n', '\r\r'];
const OVERLAP_BYTES = 2;

/**
 * A fetch whose answers are cut off where one gets too long: a body, or one event where it is a stream of events. `tooLong`
 * is told how it begins.
 */
export function boundedFetch(
  tooLong: (beginning: string) => void,
): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await patientFetch(url, init);
    const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
    const body = response.body?.pipeThrough(limit(isStream ? eventFollower() : bodyFollower(), tooLong));
    const { status, statusText, headers } = response;
    const bounded = new Response(body ?? null, { status, statusText, headers });
    // Where redirects led is asked of an answer, and a new one says nothing of it.
    Object.defineProperties(bounded, {
      url: { value: response.url },
      redirected: { value: response.redirected },
      type: { value: response.type },
    });
    return bounded;
  };
}

/** Told of each chunk, how many bytes may belong together so far, and how these begin. */
type Follow = (chunk: Uint8Array) => { readonly bytes: number; readonly beginning: () => string };

/** The bytes of one answer: how many, and the first of them. */
function answerBytes() {
  const first: Uint8Array[] = [];
  let bytes = 0;
  return {
    add: (chunk: Uint8Array) => {
      if (bytes < BEGINNING_BYTES) first.push(chunk.subarray(0, BEGINNING_BYTES - bytes));
      bytes += chunk.byteLength;
    },
    state: () => ({ bytes, beginning: () => Buffer.concat(first).toString() }),
  };
}

function bodyFollower(): Follow {
  const { add, state } = answerBytes();
  return (chunk) => {
    add(chunk);
    return state();
  };
}

function eventFollower(): Follow {
  let event = answerBytes();
  let before = '';
  return (chunk) => {
    const text = before + Buffer.from(chunk).toString('latin1');
    const end = Math.max(...EVENT_ENDS.map((ending) => endOfLast(ending, text)));
    const rest = end > 0 ? chunk.subarray(chunk.byteLength - (text.length - end)) : new Uint8Array();
    event.add(chunk.subarray(0, chunk.byteLength - rest.byteLength));
    const whole = event.state();
    if (end > 0) {
      event = answerBytes();
      event.add(rest);
    }
    before = text.slice(-OVERLAP_BYTES);
    return whole;
  };
}

const endOfLast = (ending: string, text: string): number => {
  const at = text.lastIndexOf(ending);
  return at < 0 ? 0 : at + ending.length;
};

function limit(follow: Follow, tooLong: (beginning: string) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform: (chunk, controller) => {
      const { bytes, beginning } = follow(chunk);
      if (bytes <= MOST_ANSWER_BYTES) {
        controller.enqueue(chunk);
        return;
      }
      tooLong(beginning());
      controller.terminate();
    },
  });
}
