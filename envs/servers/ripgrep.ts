import { delimiter, join } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { SYSTEM_PATH } from '../confinement/levels/programs.ts';
import { installedPackage } from '../processes/packages.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';
import { fileFacts, without } from '../state/files/facts.ts';

const SETTINGS = '.ripgreprc';

/**
 * Searches its folder and never writes. The package runs whatever `rg` comes first on the path: here the one of
 * `@vscode/ripgrep`, for this platform. Its settings make the order of results the same every time (one thread, by path),
 * hide themselves, and leave out of account what lies above the folder.
 */
export default {
  ...fileBacked,
  name: 'ripgrep',
  package: 'mcp-ripgrep',
  licence: 'MIT',
  summary: 'Searches an archive of texts for patterns, counts matches and lists files; changes nothing.',
  entry: 'dist/index.js',
  arguments: () => [],
  environment: ({ folder }) => ({
    PATH: `${programFolder()}${delimiter}${SYSTEM_PATH}`,
    RIPGREP_CONFIG_PATH: join(folder, SETTINGS),
  }),
  emptyFiles: { [SETTINGS]: `--sort=path\n--no-ignore-parent\n--no-ignore-global\n--glob=!/${SETTINGS}\n` },
  facts: (tree) => fileFacts(without(tree, (path) => path === SETTINGS)),
  refuses: optionInDisguise,
  proseArguments: ['pattern', 'filePattern'],
  expectedTools: 5,
} satisfies ServerDefinition;

function programFolder(): string {
  return join(installedPackage(`@vscode/ripgrep-${process.platform}-${process.arch}`).folder, 'bin');
}

/** The package puts a file type into a shell's command line as it stands, and the rest where options may be. */
function optionInDisguise(args: JsonObject): string | undefined {
  const { fileType = '', pattern = '', path = '', filePattern = '' } = args;
  if (typeof fileType !== 'string' || !/^\w*$/.test(fileType))
    return 'fileType must be one of those that list-file-types names';
  if (typeof pattern !== 'string' || pattern.startsWith('-'))
    return 'pattern must be a text that does not begin with "-"; write "[-]" for that';
  if (typeof path !== 'string' || path.startsWith('-')) return 'path must be a text that does not begin with "-"';
  return typeof filePattern === 'string' ? undefined : 'filePattern must be a text';
}
