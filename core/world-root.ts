/** World root as policy and record see it: the same on every machine and in every lane. */
export const WORLD_ROOT = '/world';

/** A server's folder below it, without a slash at the end. */
export const worldFolderOf = (server: string): string => `${WORLD_ROOT}/${server}`;
