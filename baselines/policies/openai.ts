import { openAiFunctionLimit } from '../../core/models/openai-functions.ts';
import { servedPolicy } from '../model-loop/model-policy.ts';
import type { ServedSettings } from '../model-loop/sampling.ts';
import type { PolicyDefinition } from '../policy-definition.ts';

/** A model at the endpoint of OPENAI_BASE_URL. */
export default {
  ...servedPolicy('openai', 'openai:MODEL'),
  // Endpoints that search deferred functions take thousands.
  functionLimit: (settings) => (settings.tools === 'deferred' ? undefined : openAiFunctionLimit(settings['base-url'])),
} satisfies PolicyDefinition<ServedSettings>;
