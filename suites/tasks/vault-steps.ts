import { worldFolderOf } from '../../core/world-root.ts';
import { type Change, unchanged } from './state.ts';
import type { Step } from './step.ts';

/** The one vault that the server `obsidian` has: its folder's name. Every tool wants it. */
export const VAULT = 'obsidian';

/** Steps on a vault of Markdown notes. A note's `filename` ends in `.md`; `folder` is '' at the vault's root. */
const onVault = (tool: string, args: Step['arguments'], change: Change): Step => ({
  server: 'obsidian',
  tool,
  arguments: { vault: VAULT, ...args },
  change,
});

/** `folder` as an argument: left out where a note lies at the root. */
const inFolder = (folder: string) => (folder === '' ? {} : { folder });

export const notePath = (filename: string, folder = ''): string => (folder === '' ? filename : `${folder}/${filename}`);

export const createNote = (filename: string, content: string, folder = ''): Step =>
  onVault('create-note', { filename, content, ...inFolder(folder) }, addNote(notePath(filename, folder), content));

export const readNote = (filename: string, folder = ''): Step => ({
  ...onVault('read-note', { filename, ...inFolder(folder) }, unchanged),
  shows: ({ vault: { [notePath(filename, folder)]: text } }) =>
    text && `${text}\n\nModified file: ${worldFolderOf('obsidian')}/${notePath(filename, folder)}`,
});

/** The server takes white space off the old text and puts an empty line before the new one. */
export const appendToNote = (filename: string, content: string, folder = ''): Step =>
  onVault(
    'edit-note',
    { filename, operation: 'append', content, ...inFolder(folder) },
    changeNote(notePath(filename, folder), (text) => `${text.trim()}\n\n${content}`),
  );

export const replaceNote = (filename: string, content: string, folder = ''): Step =>
  onVault(
    'edit-note',
    { filename, operation: 'replace', content, ...inFolder(folder) },
    changeNote(notePath(filename, folder), () => content),
  );

/** Paths from the vault's root. The server makes the destination's folder, and mends links by name in other notes. */
export const moveNote = (source: string, destination: string): Step =>
  onVault('move-note', { source, destination }, (state) => {
    const { [source]: text, ...rest } = state.vault;
    if (text === undefined) throw new RangeError(`no note ${source} to move`);
    const folders = source.includes('/') ? { [source.slice(0, source.lastIndexOf('/') + 1)]: '' } : {};
    const link = new RegExp(`\\[\\[${nameOf(source)}(\\|[^\\]]*)?\\]\\]`, 'g');
    const mended = Object.entries(rest).map(([path, other]) => [
      path,
      other.replaceAll(link, `[[${nameOf(destination)}$1]]`),
    ]);
    return { ...state, vault: { ...Object.fromEntries(mended), ...folders, [destination]: text } };
  });

/** Tags are letters and digits, with `/` between levels. Only for notes without front matter. */
export const tagNote = (path: string, tag: string): Step =>
  onVault(
    'add-tags',
    { files: [path], tags: [tag], location: 'frontmatter' },
    changeNote(path, (text) => {
      if (text.startsWith('---\n')) throw new RangeError(`note ${path} has front matter already`);
      return `---\ntags:\n  - ${tag}\n---\n\n${text.trim()}`;
    }),
  );

/** Finds notes whose text holds the words, whatever their case. */
export const searchNotes = (query: string): Step => onVault('search-vault', { query }, unchanged);

/** Finds notes by a tag in their text; tags in front matter are not searched. */
export const searchTag = (tag: string): Step => searchNotes(`tag:${tag}`);

export const addNote =
  (path: string, text: string): Change =>
  (state) => ({ ...state, vault: { ...state.vault, [path]: text } });

function changeNote(path: string, edit: (text: string) => string): Change {
  return (state) => {
    const text = state.vault[path];
    if (text === undefined) throw new RangeError(`no note ${path} to change`);
    return { ...state, vault: { ...state.vault, [path]: edit(text) } };
  };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
