/** What `--policy` takes. */
export const policyNames =
  'no-op, random, retrieval, oracle, pointer:CHECKPOINT, ollama:MODEL, openai:MODEL, llama:FILE.gguf (models also as MODEL?temperature=1)';
