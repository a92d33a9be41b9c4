import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ModuleServer } from 'toolstone';

/** Keeps notes as files, one `TITLE.txt` each, in the folder that it is given: a fresh one for every episode. */
export default {
  tools: [
    {
      name: 'list_notes',
      description: 'Titles of all notes, a line each.',
      inputSchema: { type: 'object', properties: {} },
      call: (_, folder) => readdirSync(folder).sort().join('\n').replaceAll('.txt', ''),
    },
    {
      name: 'read_note',
      description: 'Text of a note.',
      inputSchema: texts('title'),
      // What it throws is told to the policy as the tool's own failure.
      call: ({ title }, folder) => readFileSync(fileOf(folder, title), 'utf8'),
    },
    {
      name: 'write_note',
      description: 'Writes a note, in place of one of the same title.',
      inputSchema: texts('title', 'text'),
      call: ({ title, text }, folder) => {
        writeFileSync(fileOf(folder, title), textIn(text));
        return `Wrote ${textIn(title)}.`;
      },
    },
  ],
} satisfies ModuleServer;

/** No title leads out of the folder. */
const fileOf = (folder: string, title: unknown): string => join(folder, `${textIn(title).replaceAll('/', '-')}.txt`);

const textIn = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function texts(...names: readonly string[]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  };
}
