import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { messageOf, UsageError } from '../../core/errors.ts';
import { writableFolder, writeWhole } from '../../core/record/files.ts';
import { type QuarantinedTool, readToolList, type ToolList } from '../processes/tool-list.ts';
import { cacheFolder } from '../world-places.ts';
import { isPermissive, type ListedSource } from './source.ts';

/** The tools of one version of a server as it listed them, and where they are from. */
export interface KeptList {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  /** Of the package's archive, as npm's lock has it. */
  readonly integrity: string;
  /** Day on which the server was asked, e.g. `2026-11-30`. */
  readonly date: string;
  /** Entries of `tools/list` of all pages, whole, without those that nobody could call. */
  readonly tools: readonly unknown[];
  readonly quarantined: readonly QuarantinedTool[];
}

const ours = fileURLToPath(new URL('./lists', import.meta.url));

/** Where a server's list is kept: beside this file, or, where its licence does not let it come along, in the user's cache. */
export function keptListFile(source: Pick<ListedSource, 'name' | 'version' | 'licence'>): string {
  const { name, version } = source;
  return isPermissive(source)
    ? join(ours, `${name}.json.br`)
    : join(cacheFolder(), 'lists', `${name}-${version}.json.br`);
}

/** Writes a list, whole or not at all. Throws `UsageError` where it cannot be written. */
export function writeKeptList(file: string, list: KeptList): void {
  writableFolder(dirname(file));
  const params = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  writeWhole(file, brotliCompressSync(JSON.stringify(list), { params }));
}

/** @throws UsageError where the file cannot be read, or holds the list of another version. */
export function readKeptList(source: ListedSource, file = keptListFile(source)): KeptList {
  const list = parsed(source, file);
  const { package: name, version } = list;
  if (name === source.package && version === source.version) return list;
  throw new UsageError(
    `The kept list of the server ${source.name} in ${file} is of ${name} ${version}, not of ${source.package} ${source.version}. ${cureFor(source)}`,
  );
}

/** The tools of a listed server, as those of the catalogue are shown. Throws `UsageError` as `readKeptList` does. */
export function listedToolList(source: ListedSource): ToolList {
  const { tools, quarantined } = readKeptList(source);
  const list = readToolList({ server: source.name, expectedTools: 1, isOwn: false }, { tools });
  return { ...list, quarantined: [...list.quarantined, ...quarantined] };
}

/**
 * Why an installed server is not the one whose list is kept, if so: as a distractor it would be another than where it runs.
 * Undefined, too, where no list comes along.
 */
export function keptFault(source: ListedSource, { tools }: Pick<ToolList, 'tools'>): string | undefined {
  if (!isPermissive(source)) return undefined;
  const kept = new Map(listedToolList(source).tools.map((tool) => [tool.name, JSON.stringify(tool)]));
  const listed = new Map(tools.map((tool) => [tool.name, JSON.stringify(tool)]));
  const names = [...new Set([...kept.keys(), ...listed.keys()])].filter((name) => kept.get(name) !== listed.get(name));
  if (names.length === 0) return undefined;
  const some = names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join(', ')} …` : names.join(', ');
  return `Server ${source.name} lists other tools than ${source.package} ${source.version} does (${some} differ), so its package is not the pinned one.`;
}

const MOST_NAMED = 5;

function parsed(source: ListedSource, file: string): KeptList {
  try {
    const list = JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Partial<KeptList> | null;
    if (!Array.isArray(list?.tools)) throw new TypeError('it holds no tools');
    return list as KeptList;
  } catch (error) {
    throw new UsageError(
      `The kept list of the server ${source.name} cannot be read from ${file}: ${messageOf(error)}. ${cureFor(source)}`,
      { cause: error },
    );
  }
}

const cureFor = (source: ListedSource): string =>
  isPermissive(source)
    ? 'It is a part of Toolstone: restore it by installing Toolstone again.'
    : `Make it with "toolstone servers install ${source.name}".`;
