import { dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import type { Importer } from './reading/importer.ts';
import { readGoldCalls } from './reading/atlas-trajectory.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { csvOf } from './reading/csv.ts';
import { SkippedRecord, type Fields } from './reading/fields.ts';
import { filesIn, isFolder, jsonLinesOf } from './reading/files.ts';
import { forJudge } from './reading/for-judge.ts';
import { pythonLiteral } from './reading/python-literal.ts';
import { distractors, fileServerHere, knownServers, serversHere, standInNotes } from './reading/servers.ts';

const name = 'mcp-atlas';
/** Where the benchmark's image keeps the files that its servers see, and where the importer looks for them. */
const imageFolder = '/data';
const graphOfImage = 'repos/memory_mcp_server/memories-for-mcp.json';

/** As the benchmark passes a task: three quarters of its claims, half-kept ones counted half. */
const PASS_SHARE = 'three quarters';
/** What its judge is told of numbers. */
const tolerance = 'Numbers within 5 % of those meant agree, percentages within one point, and decimals may be rounded.';

/** The benchmark lets a model judge each claim about the answer, and so do we. */
export default {
  name,
  summary: 'MCP-Atlas: rows of its data set (CSV or JSON Lines); a folder `data` beside them holds what /data held.',
  read: (input) => {
    const data = dataBeside(input);
    return collect({
      name,
      summary: 'Tasks of MCP-Atlas that run on servers here.',
      input,
      records: /\.jsonl?$/.test(input) ? jsonLinesOf(input) : csvOf(input),
      idOf: (record) => record.any('TASK'),
      readOne: (record, id) => readOne(record, id, data),
    });
  },
} satisfies Importer;

type Data = Readonly<Record<string, string>>;

function dataBeside(input: string): Data | null {
  const folder = join(dirname(input), 'data');
  return isFolder(folder) ? filesIn(folder) : null;
}

function readOne(record: Fields, id: string, data: Data | null): ReadTask {
  record.any('TASK');
  const prompt = record.text('PROMPT');
  const claims = claimsOf(record);
  const { calls, servers: used } = readGoldCalls(record, serverOf, ourPath);
  if (calls.length === 0) throw new SkippedRecord('wrong record: "TRAJECTORY" holds no call of a tool');
  const neededServers = serversHere(name, used);
  const others = [...new Set(enabledTools(record).map(serverOf))].filter((server) => !used.includes(server));
  const distractorServers = distractors(name, 'ENABLED_TOOLS', others);
  const servers = [...new Set([...neededServers, ...distractorServers.here].map(({ server }) => server))];
  const start = startingFiles(servers, calls, data);
  return {
    task: {
      id,
      prompt: prompt.replaceAll(/(?<![\w/])\/data(?=[/\s'"`.,;:)?]|$)/g, worldFolderOf(fileServerHere(name))),
      servers,
      ...start.where,
      checks: forJudge(`at least ${PASS_SHARE} of the claims that are its criteria hold of the answer`),
      rubric: claims.map((claim) => ({
        criterion: /\d/.test(claim) ? `${claim} (${tolerance})` : claim,
        category: 'task-fulfilment',
      })),
      plan: calls,
      answer: claims.join(' '),
    },
    notes: [
      ...standInNotes(neededServers),
      ...distractorServers.notes,
      'TRAJECTORY: its calls are the plan; its thoughts and results are not compared',
      'ENABLED_TOOLS: all tools of the servers are offered, not the listed ones alone',
      'GTFA_CLAIMS: each is a criterion, and success is for a judge; an empty answer fails',
      ...(prompt.includes(imageFolder)
        ? [`PROMPT: ${imageFolder} is ${worldFolderOf(fileServerHere(name))} here`]
        : []),
    ],
    beside: start.beside,
  };
}

/** `filesystem_read_file` → `filesystem`; names of servers may hold a `_`, so that the longest known one counts. */
function serverOf(tool: string): string {
  const prefixes = knownServers(name).filter((server) => tool.startsWith(`${server}_`));
  return prefixes.sort((one, other) => other.length - one.length)[0] ?? tool.split('_')[0] ?? tool;
}

/** Paths of the image as paths in the server's folder here. */
function ourPath(server: string, key: string, value: string): string {
  const isPath = server === 'filesystem' && /^(paths?|source|destination)$/.test(key);
  return isPath && (value === imageFolder || value.startsWith(`${imageFolder}/`))
    ? value.slice(imageFolder.length + 1) || '.'
    : value;
}

function enabledTools(record: Fields): readonly string[] {
  const field = record.any('ENABLED_TOOLS') ?? [];
  const list = typeof field === 'string' ? parseList(field, 'ENABLED_TOOLS') : field;
  if (!Array.isArray(list)) throw new SkippedRecord('wrong record: "ENABLED_TOOLS" is no list');
  return list.map((entry: unknown) => {
    const toolName: unknown =
      typeof entry === 'object' && entry !== null ? (entry as { readonly name?: unknown }).name : entry;
    if (typeof toolName !== 'string')
      throw new SkippedRecord('wrong record: "ENABLED_TOOLS" holds something without a name');
    return toolName;
  });
}

/** Claims are texts, or objects that hold one; the list is JSON or as Python writes it. */
function claimsOf(record: Fields): readonly string[] {
  const field = record.any('GTFA_CLAIMS');
  const list = typeof field === 'string' ? parseList(field, 'GTFA_CLAIMS') : field;
  if (!Array.isArray(list) || list.length === 0)
    throw new SkippedRecord('wrong record: "GTFA_CLAIMS" is no list of claims');
  const claims = list.map((claim: unknown, at) => {
    if (typeof claim === 'string') return claim.trim();
    const fields = record.part(`GTFA_CLAIMS[${at}]`, claim);
    const key = textKeys.find((one) => fields.has(one));
    if (key === undefined)
      throw new SkippedRecord(`wrong record: "GTFA_CLAIMS[${at}]" has no text under ${textKeys.join(', ')}`);
    return fields.text(key).trim();
  });
  return [...new Set(claims)].filter((claim) => claim !== '');
}

/** Where releases with claims as objects have their text. */
const textKeys = ['claim', 'claim_text', 'text', 'statement', 'description'];

function parseList(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return pythonLiteral(text);
    } catch (error) {
      throw new SkippedRecord(`wrong record: "${key}" is neither JSON nor a Python list: ${messageOf(error)}`);
    }
  }
}

/** @throws SkippedRecord where the gold calls read a file that is not in the folder `data`. */
function startingFiles(servers: readonly string[], calls: ReadTask['task']['plan'] & {}, data: Data | null) {
  const folders: Record<string, string> = {};
  const beside: Record<string, string> = {};
  const fileServer = fileServerHere(name);
  if (servers.includes(fileServer)) {
    if (!data)
      throw new SkippedRecord(
        'its starting files (/data of the image) are not here',
        'put them into a folder `data` beside the input',
      );
    const missingPaths = calls.flatMap(({ server, tool, arguments: args }) => {
      const path = args?.['path'];
      const isRead = server === fileServer && /^(read|list|get|directory)_/.test(tool) && typeof path === 'string';
      return isRead && path !== '.' && !isIn(data, path) ? [path] : [];
    });
    if (missingPaths.length > 0)
      throw new SkippedRecord(
        `the folder \`data\` lacks ${missingPaths.join(', ')}, which the gold calls read`,
        'put the missing files there',
      );
    folders[fileServer] = `${name}.files/data`;
    for (const [path, text] of Object.entries(data)) beside[`${name}.files/data/${path}`] = text;
  }
  const graph = data?.[graphOfImage];
  if (servers.includes('memory') && graph !== undefined) {
    folders['memory'] = `${name}.files/memory`;
    beside[`${name}.files/memory/memory.jsonl`] = graph;
  }
  return { where: Object.keys(folders).length === 0 ? {} : { folders }, beside };
}

const isIn = (files: Data, path: string) =>
  Object.keys(files).some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
