/** `sft`: episodes to imitate; `pairs`: a better reply and a worse one; `groups`: rewarded episodes of the same tasks. */
export const kinds = ['sft', 'pairs', 'groups'] as const;
export type Kind = (typeof kinds)[number];

/** Whose form rows may have. */
export const trainers = ['trl', 'verl', 'prime-rl', 'tinker'] as const;
export type Trainer = (typeof trainers)[number];
