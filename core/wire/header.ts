import { Incomparable, UsageError } from '../errors.ts';
import { excerptOf, isJsonObject, tooDeep, type JsonObject } from '../json.ts';
import type { RecordingHeader, WiredModel } from './wire-types.ts';

/** The version of what recordings hold. It rises where code answers otherwise than one of before would, or finds otherwise. */
export const recordingVersion = 1;

/** The first line of a recording. Throws `UsageError` where it is of another version, or none. */
export function headerIn(path: string, line: unknown): RecordingHeader {
  if (isJsonObject(line) && line['version'] !== recordingVersion)
    throw new UsageError(
      `${path} is a recording of version ${excerptOf(line['version'])}, and this Toolstone reads version ` +
        `${recordingVersion}. Use the Toolstone that made it, or record again.`,
    );
  if (isHeader(line)) return line;
  throw new UsageError(
    `${path}, line 1, does not say what the recording was made with. Restore the file from a copy, or record again into another folder.`,
  );
}

function isHeader(line: unknown): line is RecordingHeader {
  if (!isJsonObject(line) || tooDeep(line) !== null) return false;
  const { kind, toolstone, node, suite, servers, models, confinement = {}, lists } = line;
  return (
    (kind === 'episodes' || kind === 'questions') &&
    isJsonObject(toolstone) &&
    [toolstone['version'], toolstone['source'], node, suite].every((text) => typeof text === 'string') &&
    isJsonObject(confinement) &&
    isJsonObject(lists) &&
    Object.values(lists).every(isToolList) &&
    isTable(servers, ['package', 'schemaHash']) &&
    isTable(models, []) &&
    Object.values(models).every(isModel)
  );
}

const isModel = (model: unknown): boolean =>
  isJsonObject(model) && ['endpoint', 'build'].every((key) => ['string', 'undefined'].includes(typeof model[key]));

const isTable = (table: unknown, texts: readonly string[]): table is JsonObject =>
  isJsonObject(table) &&
  Object.values(table).every((row) => isJsonObject(row) && texts.every((key) => typeof row[key] === 'string'));

/** As far as readers rely on it; what a tool's schema says is read as that of a live server. */
const isToolList = (list: unknown): boolean =>
  isJsonObject(list) &&
  Array.isArray(list['quarantined']) &&
  Array.isArray(list['tools']) &&
  list['tools'].every(isTool);

const isTool = (tool: unknown): boolean =>
  isJsonObject(tool) &&
  typeof tool['server'] === 'string' &&
  typeof tool['name'] === 'string' &&
  typeof tool['description'] === 'string' &&
  isJsonObject(tool['inputSchema']);

const kinds = { episodes: 'a run', questions: 'a judge or a writer of rubrics' } as const;

export interface Comparison {
  /** What the user can do about it. */
  readonly cure: string;
  /** No model but those of the recording can be asked. */
  readonly isStrict?: boolean;
}

/** Holds a recording to what would be recorded now. Throws `Incomparable` that names each difference, with the cure. */
export function expectSame(
  folder: string,
  recorded: RecordingHeader,
  now: RecordingHeader,
  { cure, isStrict = false }: Comparison,
): void {
  const faults =
    recorded.kind === now.kind
      ? [
          ...(recorded.suite === now.suite ? [] : [`it is of the suite ${recorded.suite}, not of ${now.suite}`]),
          ...serverFaults(recorded, now),
          ...modelFaults(recorded.models, now.models, isStrict),
        ]
      : [`it is of ${kinds[recorded.kind]}, not of ${kinds[now.kind]}`];
  if (faults.length === 0) return;
  throw new Incomparable(`The recording in ${folder} does not fit: ${faults.join('; ')}. ${cure}`);
}

function serverFaults({ servers: before, toolstone }: RecordingHeader, { servers: now }: RecordingHeader): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [theirs, ours] = [before[name], now[name]];
    if (theirs === undefined) return [`it knows nothing of the server ${name}`];
    if (ours === undefined) return [`it has a server ${name}, which this command does not have`];
    if (theirs.package !== ours.package) return [`its server ${name} is ${theirs.package}, not ${ours.package}`];
    if (theirs.schemaHash !== ours.schemaHash) return [`its server ${name} offered other tools`];
    if (theirs.code === ours.code) return [];
    return [`its server ${name} was started and its state read by other code (Toolstone ${toolstone.version})`];
  });
}

/** Whether two builds are known to differ: some endpoints tell nothing but their address, `at URL`. */
export const isOtherBuild = (before: string | undefined, now: string | undefined): boolean =>
  before !== undefined && now !== undefined && before !== now && !(before.startsWith('at ') && now.startsWith('at '));

/** A build that nobody has asked for yet is no difference. */
function modelFaults(
  before: Readonly<Record<string, WiredModel>>,
  now: Readonly<Record<string, WiredModel>>,
  isStrict: boolean,
): string[] {
  return Object.entries(now).flatMap(([name, { build }]) => {
    const theirs = before[name];
    if (theirs === undefined) return isStrict ? [`it knows nothing of the model ${name}`] : [];
    if (!isOtherBuild(theirs.build, build)) return [];
    return [`its model ${name} is the build ${theirs.build}, not ${build}`];
  });
}
