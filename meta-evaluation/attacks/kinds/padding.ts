import type { Attack } from '../attack.ts';

/** Length in place of work. */
export default {
  name: 'padding',
  summary: 'the answer is a long report that says careful things and nothing of substance',
  by: 'answer',
  answer: ({ stream }, answer) => {
    const paragraphs = Array.from({ length: 6 }, () => stream.shuffle(sentences).slice(0, 6).join(' '));
    return [answer, ...paragraphs].join('\n\n').trim();
  },
} satisfies Attack;

const sentences = [
  'I began by reading the request closely and by setting out what was needed.',
  'Each part was then considered in the light of the whole.',
  'Care was taken that nothing was left out and that nothing was done twice.',
  'Where there was more than one way, I chose the one that was safest and clearest.',
  'The tools were selected with regard to their descriptions and their schemas.',
  'Arguments were checked against the request before they were used.',
  'Results were read in full, and conclusions were drawn from them alone.',
  'The order of the steps follows from what depends on what.',
  'In the end everything was looked over once more.',
  'The outcome is consistent with the request in every respect.',
];
