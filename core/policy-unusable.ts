import { UsageError } from './errors.ts';

/** What a policy needs is not to be had (no endpoint, no key, no such model): nothing can be played by it until that is set right. */
export class PolicyUnusable extends UsageError {}
