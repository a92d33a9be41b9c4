import type { RandomStream } from '../../core/seeds.ts';
import type { Blur } from '../../judges/embedded/encode.ts';

/** Words that are left out by lot; of a third of the texts all hashed ones, so that the vectors must do. */
export function blurred(stream: RandomStream): Blur {
  const share = stream.uniform() < 0.35 ? 0 : 0.85;
  return { ofBag: () => stream.uniform() < share, ofVector: () => stream.uniform() < 0.85 };
}
