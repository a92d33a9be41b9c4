import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { calculate } from '../../tasks/step.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './hash.json' with { type: 'json' };

/** The hash of a text, in hexadecimal digits. */
export default {
  name: 'hash',
  home: 'calc',
  gives: ['name'],
  isComputed: true,
  placeKind: 'phrase',
  texts,
  lookUp: ({ draw, start }) => {
    const [place, algorithm] = [drawValue(draw, 'phrase'), draw.pick(['md5', 'sha1', 'sha256', 'crc32'])];
    const digest =
      algorithm === 'crc32'
        ? crc32(place).toString(16).padStart(8, '0')
        : createHash(algorithm).update(place).digest('hex');
    return {
      start,
      steps: [calculate('hash', { input: place, algorithm }, { hash: digest })],
      values: { algorithm, place },
      needed: digest,
      place,
    };
  },
} satisfies Source;
