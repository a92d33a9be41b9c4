import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import type { Category } from '../../../core/reward-types.ts';
import { atlasForm } from '../../../judges/rubric/rubric.ts';

/** A reply in the paper's form, every criterion of weight 5. */
export const atlasReply = (): Record<Category, { description: string; weight: number }[]> =>
  Object.fromEntries(
    Object.entries(atlasForm).map(([category, count]) => [
      category,
      Array.from({ length: count }, (_, index) => ({
        description: `Of ${category}, number ${index + 1} holds.`,
        weight: 5,
      })),
    ]),
  ) as Record<Category, { description: string; weight: number }[]>;

export function temporary(): string {
  const folder = mkdtempSync(`${tmpdir()}/toolstone-rubrics-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
