import { expect, onTestFinished, test } from 'vitest';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel, type Architecture } from './python.ts';

const title = 'what our trainers add to those of TRL';

function seenOf(architecture: Architecture, script = 'trainer_checks.py'): Promise<unknown> {
  const tiny = tinyModel(architecture);
  onTestFinished(() => tiny.remove());
  return pythonSays(script, [tiny.base], null);
}

const canRun = hasTrainer && isLive;
if (!canRun) test.skip(`${title} ${hasTrainer ? howToRun : howToAdd}`, () => undefined);

test.runIf(canRun)(
  `${title}: turns drawn from what was kept are those drawn anew, small steps add up, upper layers alone are trained, packed segments are what each is alone`,
  async () => {
    const seen = (await seenOf('llama')) as {
      readonly turns: { readonly read: number; readonly tokens: number };
      readonly packed: Readonly<Record<'apart' | 'apartByOpenMask' | 'apartWithoutSegments', number>>;
    };
    expect(seen.packed.apart).toBeLessThan(1e-5);
    expect(seen.packed.apartByOpenMask).toBeLessThan(1e-5);
    expect(seen.packed.apartWithoutSegments, 'the same mask, which is wrong, without them').toBeGreaterThan(1e-3);
    expect(seen).toMatchObject({
      canKeep: true,
      packed: { segments: 4 },
      turns: { same: [true, true, true, true], other: 1 },
      steps: { plain: 1, same: true },
      layers: {
        parts: ['model.layers.1', 'model.norm.weight'],
        refusal: 'The base has 2 layers, fewer than the 9 that are to be trained.',
      },
    });
    expect(seen.turns.read, 'less than the prompts of the last turn have').toBeLessThan(seen.turns.tokens * 1.2);
  },
  120_000,
);

test.runIf(canRun)(
  `${title}: nothing is kept where layers look back a window of places; a full disk is named, and no checkpoint is gone on from that was not written whole`,
  async () => {
    expect(await seenOf('gemma3')).toMatchObject({
      canKeep: false,
      room: {
        checkpoint: 'checkpoint-10',
        none: null,
        full: 'The disk is full: there is no room for what is to be written into OUT. Free some space, and enter the same command again: what was written whole is kept, and a training goes on from its last whole checkpoint.',
        other: "[Errno 21] Is a directory: 'OUT'",
      },
    });
  },
  120_000,
);

test.runIf(canRun)(
  `${title}: sequences are scored without their padding, and layers that are not trained are gone through once for both models`,
  async () => {
    expect(await seenOf('llama', 'scoring_checks.py')).toEqual({
      reference: true,
      policy: true,
      entropies: true,
      gradient: true,
      padding: 0,
      passes: 3,
      tokens: 2 * 77,
    });
  },
  120_000,
);
