import { modelPolicy } from '../model-loop/model-policy.ts';

/** A model at the endpoint of OPENAI_BASE_URL. */
export default modelPolicy('openai', 'openai:MODEL');
