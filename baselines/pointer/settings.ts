import type { KnownSettings } from '../../core/settings.ts';

/** Parts that an ablation takes away. */
export interface NetworkSettings {
  /** `generic`: linear weights start from knowledge of tool use; `none`: from nil, the untrained policy acts nearly at random. */
  readonly priors: 'generic' | 'none';
  /** Whether the scalar features are read at all; without them words alone decide. */
  readonly scalars: boolean;
}

/** What a training may take away from the embedded policy, e.g. `pointer?priors=none`. */
export const networkSettings: KnownSettings<NetworkSettings> = {
  defaults: { priors: 'generic', scalars: true },
  choices: { priors: ['generic', 'none'] },
};
