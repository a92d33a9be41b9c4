/** What is wrong with a path below a server's folder, if anything. A path that ends in `/` is a folder. */
export function pathFault(path: string, mayBeFolder: boolean): string | undefined {
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part)) || path.includes('\0') || path.includes('\\'))
    return `"${path}" must be a path below the server's folder: not absolute, with / between its parts, without . and ..`;
  return !mayBeFolder && path.endsWith('/') ? `"${path}" is a folder. Name a file.` : undefined;
}
