import type { JudgeDefinition } from '../judge-definition.ts';

/** `openai:MODEL?SETTINGS`. The endpoint's address is all that is known of the build. */
export default {
  usage: 'openai:MODEL',
  open: async (argument, context) => {
    const { modelJudge } = await import('../language/model-judge.ts');
    return modelJudge('openai', argument, context);
  },
} satisfies JudgeDefinition;
