import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { Wall } from '../../envs/confinement/levels/wall.ts';
import { hasWalls } from '../../envs/confinement/levels/programs.ts';
import { walls } from '../../envs/confinement/levels/walls.ts';
import { llamaAddition } from '../../core/models/llama-library.ts';
import { installedPackage, packageState } from '../../envs/processes/packages.ts';
import { installableNames, serverDefinition } from '../../envs/server-list.ts';
import { cacheFolder, systemFault } from '../../envs/world-places.ts';
import { pythonWithTrainer, trainerAddition } from '../../finetune/drive/python.ts';
import { packagePath } from './version.ts';

/** A part of the machine that Toolstone makes use of. */
export interface MachinePart {
  readonly name: string;
  /** What is there, in a few words; `null` where it is missing or does not work. */
  readonly found: string | null;
  readonly purpose: string;
  /** The command that adds it, or what to do where no command does. */
  readonly remedy: string;
  /** Why it is missing, where more than its absence is known. */
  readonly why?: string;
}

const LEAST_OPEN_FILES = 1024;
const LEAST_SHARED_BYTES = 2 ** 28;

const part = (name: string, found: string | null, purpose: string, remedy: string): MachinePart => ({
  name,
  found,
  purpose,
  remedy,
});

/** A level of confinement, tried by a box in which a program is run. */
function wallPart(name: string, { fault, cure }: Wall, purpose: string): MachinePart {
  const why = fault();
  return { ...part(name, why === undefined ? 'works' : null, purpose, cure), ...(why === undefined ? {} : { why }) };
}

/** Looks at each part; starts programs for a moment, and changes nothing. */
export function machineParts(): readonly MachinePart[] {
  return [
    part('Node', process.versions.node, 'runs everything; 24 or newer', 'nvm install 24'),
    part('git', versionOf('git'), 'worlds of the git server', systemPackage('git')),
    ...(hasWalls() ? partsOfLinux() : partsElsewhere()),
    part('open files', openFiles(), 'running many episodes at once', `ulimit -n ${LEAST_OPEN_FILES}`),
    part(
      'Ollama',
      versionOf('ollama'),
      'policies and judges `ollama:MODEL`',
      `bash ${packagePath('test/live/setup-ollama.sh')}`,
    ),
    part('node-llama-cpp', packageOf('node-llama-cpp'), 'policies and judges `llama:FILE.gguf`', llamaAddition()),
    part('small model', smallModel(), 'a base for `finetune`', `bash ${packagePath('test/live/setup-smollm2.sh')}`),
    part('python3', versionOf('python3'), 'the trainer', systemPackage('python3', 'python3-venv')),
    part('trainer', trainer(), '`toolstone finetune`', trainerAddition()),
    installableServers(),
    part(
      'Redis',
      versionOf('redis-server'),
      'runs that several machines play (`--queue`)',
      systemPackage('redis-server'),
    ),
    part(
      'Chromium',
      versionOf('chromium') ?? versionOf('google-chrome'),
      'tests of the page only',
      systemPackage('chromium'),
    ),
  ];
}

const partsOfLinux = (): readonly MachinePart[] => [
  wallPart('bubblewrap', walls.bubblewrap, 'confines servers, the strongest way'),
  wallPart('user namespaces', walls.namespaces, 'confine servers as well, without a package'),
  wallPart('Landlock', walls.landlock, 'confines servers without namespaces'),
  part('shared memory', sharedMemory(), 'episodes in memory', 'sudo mount -o remount,size=1G /dev/shm'),
];

/** What of these no command adds: on Windows servers, elsewhere the walls around them. */
function partsElsewhere(): readonly MachinePart[] {
  const unable = systemFault();
  return [
    unable === undefined
      ? part(
          'walls',
          null,
          'confine servers beyond checks of their arguments',
          'run Toolstone in a Linux container or virtual machine',
        )
      : part('MCP servers', null, 'every command that plays tasks', 'wsl --install, then run Toolstone there'),
  ];
}

/** Packages by the names that Debian has for them. */
const systemPackage = (...names: readonly string[]): string =>
  `${process.platform === 'linux' ? 'sudo apt install' : 'install'} ${names.join(' ')}`;

const NAME_WIDTH = 16;
const FOUND_WIDTH = 22;
const WHY_WIDTH = 80;

/** A line for each part, and below it what adds it where it is missing; at most 100 columns wide. */
export function partsText(parts: readonly MachinePart[]): string {
  const lines = parts.flatMap(({ name, found, purpose, remedy, why }) => [
    `${name.padEnd(NAME_WIDTH)} ${shortened(found ?? 'MISSING', FOUND_WIDTH).padEnd(FOUND_WIDTH)} ${purpose}`,
    ...(why === undefined ? [] : [`${' '.repeat(NAME_WIDTH)} ${shortened(`because: ${why}`, WHY_WIDTH)}`]),
    ...(found === null ? [`${' '.repeat(NAME_WIDTH)} add it: ${remedy}`] : []),
  ]);
  const missing = parts.filter(({ found }) => found === null).length;
  const summary =
    missing === 0
      ? 'Nothing is missing.'
      : `${missing} of ${parts.length} parts are missing; each is needed only for its own purpose.`;
  return [...lines, summary].join('\n');
}

const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

function run(program: string, ...args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 5000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return status === 0 ? `${stdout}\n${stderr}` : null;
}

/** The first number with a point that a program says of itself. */
function versionOf(program: string): string | null {
  const text = run(program, '--version');
  return text === null ? null : (/\d+(\.\d+)+/.exec(text)?.[0] ?? 'there');
}

function sharedMemory(): string | null {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize < LEAST_SHARED_BYTES ? null : `${Math.floor((bavail * bsize) / 2 ** 20)} MiB free`;
  } catch {
    return null;
  }
}

function openFiles(): string | null {
  try {
    const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 'unlimited';
    return limit === 'unlimited' || Number(limit) >= LEAST_OPEN_FILES ? limit : null;
  } catch {
    return 'not told here';
  }
}

const packageOf = (name: string): string | null => foundBy(() => installedPackage(name).version);

/** Servers that are added on request, in one line: `doctor` is no list of them. */
function installableServers(): MachinePart {
  const all = installableNames.map(serverDefinition);
  const there = all.filter((server) => packageState(server) === 'whole');
  const half = all.filter((server) => packageState(server) === 'half').map(({ name }) => name);
  const isWhole = there.length === all.length;
  return {
    ...part(
      'other servers',
      isWhole ? `all ${all.length}` : null,
      'tasks and suites with servers that do not come along',
      'toolstone servers install --all, or by name (toolstone servers)',
    ),
    ...(isWhole
      ? {}
      : {
          why:
            `${there.length} of ${all.length} are installed` +
            (half.length === 0 ? '' : `, and only half: ${half.join(', ')}`),
        }),
  };
}

const trainer = (): string | null => foundBy(() => (pythonWithTrainer(undefined), 'there'));

/** As test/live/setup-smollm2.sh leaves it. */
const smallModel = (): string | null =>
  existsSync(join(cacheFolder(), 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf')) ? 'SmolLM2-135M-Instruct' : null;

/** `null` where the user would be told that something is missing. */
function foundBy(look: () => string): string | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
