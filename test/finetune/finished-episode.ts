/** A line of a run's trajectories with the one turn that ends it. */
export const finishedEpisode = {
  version: 2,
  key: { job: 'j', phase: 'train', task: 'micro/micro-copy/train/0000', repetition: 0 },
  policy: 'oracle',
  view: 'tool',
  system: 'h',
  prompt: 'Do it.',
  turns: [
    {
      calls: [
        {
          action: { name: 'finish', arguments: {} },
          observation: { text: 'Finished.', isError: false, source: 'history', server: '', cutTokens: 0 },
          event: { kind: 'finished', server: '', tools: [] },
        },
      ],
      tokens: { system: 0, schemas: {}, results: 0, history: 0, prompt: 0, output: 0 },
    },
  ],
  outcome: { kind: 'terminated', answer: '' },
  evidence: {},
  success: { verified: true, properFinish: true },
  verdicts: [],
  rewards: { sparse: 1, 'state-share': 1, rubric: null },
};
