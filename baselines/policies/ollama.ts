import { modelPolicy } from '../model-loop/model-policy.ts';

/** A model on the server of OLLAMA_HOST. */
export default modelPolicy('ollama', 'ollama:MODEL');
