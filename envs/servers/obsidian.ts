import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileFacts, without } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

/** Its facts leave out the vault's settings, and the trash into which deleted notes go. */
export default {
  ...fileBacked,
  name: 'obsidian',
  package: 'obsidian-mcp',
  licence: 'MIT',
  summary: 'Keeps a vault of Markdown notes with tags, folders and full-text search.',
  entry: 'build/main.js',
  arguments: ({ folder }) => [folder],
  emptyFiles: { '.obsidian/app.json': '{}' },
  facts: (tree) => fileFacts(without(tree, (path) => /^\.(obsidian|trash)\//.test(path))),
  // It refuses the thousandth call within a minute of its clock, which stands nearly still.
  restartAfterCalls: 500,
  refusesFolder: vaultFault,
  proseArguments: ['content', 'query', 'tags', 'tag', 'oldTag', 'newTag'],
  expectedTools: 11,
} satisfies ServerDefinition;

/** Beginnings of paths that it takes for the system's, whatever follows. */
const SYSTEM_PATHS = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/etc', '/var', '/tmp', '/dev', '/sys'];
/** Where it asks `df` whether the disk is another machine's. */
const MOUNTS = ['/net/', '/mnt/', '/media/', '/Volumes/'];
const LONGEST = 255;

/** As it judges a vault's path when it starts. */
function vaultFault(path: string): string | undefined {
  const hidden = path.split('/').find((part) => part.startsWith('.') && part !== '.obsidian');
  if (hidden !== undefined) return `${hidden} is hidden`;
  const system = SYSTEM_PATHS.find((beginning) => path.toLowerCase().startsWith(beginning));
  if (system !== undefined) return `begins with ${system}`;
  if (path.length > LONGEST) return `longer than ${LONGEST} characters`;
  if (/\p{Cc}|\ufffd|\s$/u.test(path)) return 'has letters that are not shown';
  return MOUNTS.some((mount) => path.startsWith(mount)) && isRemote(path) ? 'on a disk of another machine' : undefined;
}

function isRemote(path: string): boolean {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  const words = spawnSync('df', ['-P', folder], { encoding: 'utf8' }).stdout?.trim().split('\n').at(-1) ?? '';
  return /^(nfs|cifs|smb|afp|ftp|ssh|davfs)|:|\/\/|type fuse\.|network/i.test(words);
}
