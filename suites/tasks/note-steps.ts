import type { Files } from '../../core/types.ts';
import { readPage } from './page-steps.ts';
import type { State } from './state.ts';
import { writePage, type Roles, type Step } from './step.ts';
import { createNote, readNote, VAULT } from './vault-steps.ts';

/** Steps on notes that lie in folders, as a vault has them and, where a folder is called a project, a memory bank. */

export const writeNote = (roles: Roles, folder: string, note: string, text: string): Step =>
  roles.notes === 'obsidian' ? createNote(note, text, folder) : writePage(folder, note, text);

export const readNoteIn = (roles: Roles, folder: string, note: string): Step =>
  roles.notes === 'obsidian' ? readNote(note, folder) : readPage(folder, note);

/** `folder/note` → text, beside what the state holds. */
export const withNotes = (roles: Roles, start: State, notes: Files): State =>
  roles.notes === 'obsidian'
    ? { ...start, vault: { ...start.vault, ...notes } }
    : { ...start, pages: { ...start.pages, ...notes } };

/** A folder in words that its server goes by, for a prompt. */
export const folderInWords = (roles: Roles, folder: string): string =>
  roles.notes === 'obsidian' ? `the folder “${folder}” of the vault “${VAULT}”` : `the project “${folder}”`;
