import { readableText } from '../visible-text.ts';

/** Where progress goes: a stream that may be a terminal. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/**
 * Progress of a long run: on a terminal one line that is redrawn, with the time left; elsewhere a plain line each tenth.
 * `clock` gives milliseconds, `unit` is what is counted. Returns a function to call with how many are done and in all.
 */
export function progressReporter(stream: ProgressStream, clock: () => number, unit = 'episodes') {
  const started = clock();
  let first: number | undefined;
  let drawn = -Infinity;
  let tenth = -1;
  return {
    update: (done: number, total: number, note: string): void => {
      first ??= done;
      const seconds = (clock() - started) / 1000;
      const fresh = done - first;
      const left = fresh > 0 ? ` · ${duration((seconds / fresh) * (total - done))} left` : '';
      const share = total === 0 ? 1 : done / total;
      const remark = readableText(note).replaceAll(/\s+/g, ' ');
      const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
      const end = `${left}${remark === '' ? '' : ` · ${remark}`}`;
      const text = `${percent} · ${done} of ${total} ${unit}${end}`;
      if (stream.isTTY) {
        if (clock() - drawn < 100 && done < total) return;
        drawn = clock();
        const room = (stream.columns ?? 80) - 1;
        // The counts say least where not all has room.
        stream.write(`\r\u001b[2K${(text.length > room ? percent + end : text).slice(0, room)}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        stream.write(`${text}\n`);
      }
    },
    end: (): void => {
      if (stream.isTTY) stream.write('\r\u001b[2K');
    },
  };
}

/** e.g. `1 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
