import type { RandomStream } from '../../core/seeds.ts';
import type { Blur } from '../../judges/embedded/encode.ts';

/** Words that are left out by lot, of a third of the texts all of them, so that their vector must do; and a noise on that. */
export function blurred(stream: RandomStream): Blur {
  const share = stream.uniform() < 0 ? 0 : 0.9;
  const noise = 0.1;
  return {
    isKept: () => stream.uniform() < share,
    vector: (vector) => vector.map((value) => value * (1 + noise * (2 * stream.uniform() - 1))),
  };
}
