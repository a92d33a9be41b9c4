import { openAiFunctionLimit } from '../../core/models/openai-functions.ts';
import { servedPolicy } from '../model-loop/model-policy.ts';
import type { ServedSettings } from '../model-loop/sampling.ts';
import type { PolicyDefinition } from '../policy-definition.ts';

/** A model at the endpoint of OPENAI_BASE_URL. */
export default {
  ...servedPolicy('openai', 'openai:MODEL'),
  functionLimit: (settings) => openAiFunctionLimit(settings['base-url']),
} satisfies PolicyDefinition<ServedSettings>;
