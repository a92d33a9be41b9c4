import type { RandomStream } from '../../core/seeds.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';

/**
 * Arguments that fit a tool's schema, the way a random policy would draw them, with paths below the server's folder.
 * Covers the part of JSON Schema that the pinned servers use.
 */
export function sampleArguments(tool: Tool, random: RandomStream): JsonObject {
  return sampleObject(tool.inputSchema, tool.server, random);
}

function sampleObject(schema: JsonObject, server: string, random: RandomStream): JsonObject {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>;
  const required = (schema['required'] ?? []) as readonly string[];
  const chosen = Object.entries(properties).filter(([name]) => required.includes(name) || random.uniform() < 0.5);
  return Object.fromEntries(chosen.map(([name, value]) => [name, sample(name, value, server, random)]));
}

function sample(name: string, schema: JsonObject, server: string, random: RandomStream): Json {
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return sample(name, random.pick(choices as JsonObject[]), server, random);
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum']) && COMMANDS[server]?.[name] === undefined)
    return random.pick(schema['enum'] as Json[]);
  const { type } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return sampleText(name, server, random);
    case 'integer':
      return 1 + random.below(3);
    case 'number':
      return 1 + random.below(4);
    case 'boolean':
      return random.uniform() < 0.5;
    case 'array':
      return [sample(name, (schema['items'] ?? { type: 'string' }) as JsonObject, server, random)];
    case 'object':
      return sampleObject(schema, server, random);
    default:
      return null;
  }
}

/** For the server sqlite, whose arguments are small languages of their own. */
const SQL: Readonly<Record<string, readonly string[]>> = {
  query: [
    "SELECT *, random(), datetime('now'), CURRENT_TIME FROM plum ORDER BY random()",
    "INSERT INTO plum VALUES (strftime('%s'), random())",
    'BEGIN',
    'CREATE TEMP TABLE plum (a TEXT)',
    'PRAGMA journal_mode = wal',
    "ATTACH 'b.db' AS b",
  ],
  schema: ['CREATE TABLE main (a TEXT DEFAULT CURRENT_TIMESTAMP, b)', 'CREATE VIEW Ada AS SELECT * FROM plum'],
  database_name: ['data.db', 'b.db'],
  table: ['plum', 'main'],
};

/** What servers that run commands are told to run. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'shell-commands': {
    command: ['echo Ada > b.md; ls', 'cat a.md', 'mv a.md b.md'],
    workdir: ['/world/shell-commands'],
  },
  'just-bash': { command: ['echo Ada > /a.md; ls /', 'cat /a.md', 'exit 3', 'date; echo $RANDOM'] },
  'code-runner': { code: ['1'], languageId: ['javascript', 'perl'] },
};

function sampleText(name: string, server: string, random: RandomStream): string {
  const commands = COMMANDS[server]?.[name];
  if (commands) return random.pick(commands);
  if (server === 'sqlite' && SQL[name]) return random.pick(SQL[name]);
  if (name === 'fileAbsolutePath') return `/world/${server}/book.xlsx`;
  if (name === 'sheetName' || name === 'srcSheetName') return random.pick(['main', 'plum']);
  if (name === 'range') return 'A1:A1';
  if (name === 'fileType') return 'md';
  if (/path|source|destination|dir/i.test(name)) {
    return random.pick([`/world/${server}`, `/world/${server}/a.md`, `/world/${server}/repo`, `/world/${server}/b`]);
  }
  if (/vault/i.test(name)) return 'obsidian';
  if (/project/i.test(name)) return 'garden';
  if (/file|folder/i.test(name)) return random.pick(['a.md', 'notes.md']);
  if (/zone/i.test(name)) return random.pick(['Europe/Stockholm', 'Asia/Tokyo']);
  if (/time|date/i.test(name)) return '2026-03-01 10:00:00';
  return random.pick(['Ada', 'plum', 'main', '2+3', 'two words\nand a line']);
}
