import { patientFetch } from '../../core/patient-fetch.ts';
import { MOST_ANSWER_BYTES } from './bounded-lines.ts';

/** End of an event in a stream of them. */
const EVENT_ENDS = ['\n\n', '\n\r\n', '\r\r'];
const OVERLAP_BYTES = 2;

/**
 * A fetch whose answers are cut off where one gets too long: a body, or one event where it is a stream of events. `tooLong`
 * is told.
 */
export function boundedFetch(tooLong: () => void): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await patientFetch(url, init);
    const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
    const body = response.body?.pipeThrough(isStream ? limit(eventBytes(), tooLong) : limit(allBytes(), tooLong));
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

/** Told of each chunk, how many bytes may belong together so far. */
type Count = (chunk: Uint8Array) => number;

function allBytes(): Count {
  let bytes = 0;
  return (chunk) => (bytes += chunk.byteLength);
}

function eventBytes(): Count {
  let bytes = 0;
  let before = '';
  return (chunk) => {
    const text = before + Buffer.from(chunk).toString('latin1');
    const end = Math.max(...EVENT_ENDS.map((ending) => endOfLast(ending, text)));
    const whole = bytes + chunk.byteLength - (end > 0 ? text.length - end : 0);
    bytes = end > 0 ? text.length - end : whole;
    before = text.slice(-OVERLAP_BYTES);
    return whole;
  };
}

const endOfLast = (ending: string, text: string): number => {
  const at = text.lastIndexOf(ending);
  return at < 0 ? 0 : at + ending.length;
};

function limit(count: Count, tooLong: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform: (chunk, controller) => {
      if (count(chunk) <= MOST_ANSWER_BYTES) {
        controller.enqueue(chunk);
        return;
      }
      tooLong();
      controller.terminate();
    },
  });
}
