import { isPermissive } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { installableNames, serverNames } from '../../envs/server-list.ts';

/** Servers of which a tool is called in a world that offers many. */
export const called = ['filesystem', 'memory'] as const;

const listed = listedSources.filter(isPermissive).map(({ name }) => name);

/** All that come with Toolstone or whose lists do, those first that are called. */
export const offered: readonly string[] = [
  ...new Set([...called, ...serverNames.filter((name) => !installableNames.includes(name)), ...listed]),
];

/** Those that are listed here, whether they are installed or not. */
export const listedHere = installableNames;
