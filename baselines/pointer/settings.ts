import type { KnownSettings } from '../../core/settings.ts';
import type { ArgumentReach } from './schema.ts';

/** Parts that an ablation takes away, and how words are read. */
export interface NetworkSettings {
  /** `generic`: linear weights start from knowledge of tool use; `none`: from nil, the untrained policy acts nearly at random. */
  readonly priors: 'generic' | 'none';
  /** Whether the scalar features are read at all; without them words alone decide. */
  readonly scalars: boolean;
  /** `stems`: a word is equal to another or not; `vectors`: as like it as its vector in `core/word-vectors`. */
  readonly words: 'stems' | 'vectors';
  /**
   * `required`: a call has what it must, or one optional value where it must have none; `all`: up to three optional values besides, objects of
   * any form, and answers put together value by value out of several results.
   */
  readonly arguments: ArgumentReach;
}

/** What a training may take away from the embedded policy, e.g. `pointer?priors=none`. */
export const networkSettings: KnownSettings<NetworkSettings> = {
  defaults: { priors: 'generic', scalars: true, words: 'stems', arguments: 'required' },
  choices: { priors: ['generic', 'none'], words: ['stems', 'vectors'], arguments: ['required', 'all'] },
};
