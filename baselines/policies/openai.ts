import { servedPolicy } from '../model-loop/model-policy.ts';

/** A model at the endpoint of OPENAI_BASE_URL. */
export default servedPolicy('openai', 'openai:MODEL');
