import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvOf } from '../../../suites/importers/reading/csv.ts';
import { importTasks } from '../../../suites/importers/reading/write.ts';
import { readTaskFile } from '../../../suites/own-tasks/read.ts';
import type { Form, Input, Reader } from '../reader.ts';

const samples = join(import.meta.dirname, '../../../suites/importers/samples');

/** By its ending: BFCL calls lines of JSON `.json`. */
function formOf(text: string, path: string): Form {
  if (path.endsWith('.csv') || !/\.jsonl?$/.test(path)) return 'text';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return 'lines';
  }
}

function inputOf(format: string): Input {
  const folder = join(samples, format);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => {
      const text = readFileSync(path, 'utf8');
      return [`${format}/${path.slice(folder.length + 1)}`, { form: formOf(text, path), text }];
    }),
  );
}

/** MCP-Atlas reads lines of JSON as well as CSV: what stands in its fields is reached only so. */
function atlasLines(): Input {
  const { 'mcp-atlas/sample_tasks.csv': _, ...rest } = inputOf('mcp-atlas');
  const { records } = csvOf(join(samples, 'mcp-atlas', 'sample_tasks.csv'));
  const text = records.map(({ value }) => `${JSON.stringify(value)}\n`).join('');
  return { ...rest, 'mcp-atlas/sample_tasks.jsonl': { form: 'lines', text } };
}

const formats = readdirSync(samples);
const entries: Readonly<Record<string, string>> = {
  bfcl: 'bfcl/BFCL_v4_multi_turn_base.json',
  'live-mcp-bench': 'live-mcp-bench/tasks.json',
  'mcp-bench': 'mcp-bench/tasks_single_runner_format.json',
  mcpmark: 'mcpmark',
};

/** Tasks in every public format, imported, and the task file that comes of it read. */
export default {
  share: 2,
  inputs: [...formats.map(inputOf), atlasLines()],
  read: async (files, folder) => {
    const [first = ''] = files.keys();
    const format = first.split('/')[0] ?? '';
    const input = entries[format] ?? [...files.keys()].find((path) => /sample_tasks/.test(path)) ?? '';
    const output = join(folder, 'out', 'tasks.yaml');
    await importTasks({ format, input: join(folder, input), output });
    try {
      readTaskFile(output);
    } catch (error) {
      throw new Error(`what was imported is no task file: ${(error as Error).message}`, { cause: error });
    }
  },
} satisfies Reader;
