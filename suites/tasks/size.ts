import type { Split } from '../../core/types.ts';

/** How many items a task of bulk work is about: 2 to 10, or exactly so many. */
export type Size = 'few' | 50 | 200;

const sizes: Partial<Record<Split, Size>> = { 'items-50': 50, 'items-200': 200 };

export const sizeIn = (split: Split): Size => sizes[split] ?? 'few';
