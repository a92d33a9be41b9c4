import { join } from 'node:path';
import { readTranscripts } from '../../../judges/calibration/transcripts.ts';
import { evidence } from '../../../judges/language/evidence.ts';
import schema from '../../../judges/calibration/transcripts.schema.json' with { type: 'json' };
import type { Reader } from '../reader.ts';

const parts = {
  id: 'parts',
  task: 'tidy',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Tidy up.' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'files.remove', input: { path: 'a' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'no such file', is_error: true }] },
    { role: 'assistant', content: 'Done.' },
    { role: 'user', content: 'Sure?' },
  ],
  criteria: [{ id: 'c', description: 'It is tidy.', category: 'tool-grounding', weight: 3 }],
  labels: { c: null },
  rater: 'anna',
  source: 'human',
  tags: { kind: 'x' },
};

/** Plain transcripts, shown as judges see them. */
export default {
  share: 6,
  inputs: [
    {
      'transcripts.jsonl': {
        form: 'lines',
        text: [...schema.examples, parts].map((one) => `${JSON.stringify(one)}\n`).join(''),
      },
    },
  ],
  read: (_, folder) => {
    const { transcripts } = readTranscripts(join(folder, 'transcripts.jsonl'));
    for (const { trajectory } of transcripts.slice(0, 4)) evidence(trajectory, 500);
  },
} satisfies Reader;
