import { servedPolicy } from '../model-loop/model-policy.ts';

/** A model on the server of OLLAMA_HOST. */
export default servedPolicy('ollama', 'ollama:MODEL');
