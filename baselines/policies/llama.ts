import { filePolicy } from '../model-loop/model-policy.ts';

/** A GGUF file in this process, on as many threads as LLAMA_ARG_THREADS says. */
export default filePolicy('llama:FILE.gguf');
