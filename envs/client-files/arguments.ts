import { basename } from 'node:path';
import type { Parts } from './substitution.ts';

/** `plain`: names no file of this machine; `setting`: may name one that no program is; `argument`: may name any. */
export type ArgumentKind = 'plain' | 'setting' | 'argument';

/** Runners of projects: what follows these flags is where the program lies. */
const PROJECT_RUNNERS = [
  'uv',
  'uvx',
  'npm',
  'pnpm',
  'yarn',
  'poetry',
  'pdm',
  'hatch',
  'bun',
  'cargo',
  'dotnet',
  'make',
];
const PROJECT_FLAGS = ['--directory', '--project', '--prefix', '--dir', '--cwd', '--manifest-path', '-C'];
const CONTAINERS = ['docker', 'podman', 'nerdctl'];

type Fill = (text: string, kind: ArgumentKind, index: number) => Parts;

/** Fills in arguments, each by what it means to the program that reads it. */
export function argumentsIn(command: string, args: readonly string[], fill: Fill): readonly Parts[] {
  const program = basename(command).replace(/\.(?:cmd|exe)$/i, '');
  if (CONTAINERS.includes(program)) return args.map((text, index) => containerArgument(args, index, fill));
  const isRunner = PROJECT_RUNNERS.includes(program);
  return args.map((text, index) => {
    const isProject =
      isRunner &&
      (PROJECT_FLAGS.includes(args[index - 1] ?? '') || PROJECT_FLAGS.some((one) => text.startsWith(`${one}=`)));
    return fill(text, isProject ? 'plain' : 'argument', index);
  });
}

/** Of a container's arguments only what is mounted from outside lies on this machine. */
function containerArgument(args: readonly string[], index: number, fill: Fill): Parts {
  const text = args[index] as string;
  const flag = args[index - 1] ?? '';
  const [, before = '', outside, after = ''] =
    flag === '-v' || flag === '--volume'
      ? (/^()([^:]+)(:.*)$/s.exec(text) ?? [])
      : (/^(--volume=)([^:]+)(:.*)$/s.exec(text) ??
        (flag === '--mount' || text.startsWith('--mount=')
          ? (/^(.*?(?:src|source)=)([^,]+)(.*)$/s.exec(text) ?? [])
          : []));
  if (outside === undefined) return fill(text, 'plain', index);
  return [...fill(before, 'plain', index), ...fill(outside, 'setting', index), ...fill(after, 'plain', index)];
}
