import type { JudgeDefinition } from '../judge-definition.ts';

/** `ollama:MODEL?SETTINGS`, held to the schema; probabilities from servers that tell them. */
export default {
  usage: 'ollama:MODEL',
  open: async (argument, context) => {
    const { modelJudge } = await import('../language/model-judge.ts');
    return modelJudge('ollama', argument, context);
  },
} satisfies JudgeDefinition;
