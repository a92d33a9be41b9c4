import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaNote } from '../media.ts';
import { writeWhole } from './files.ts';

/** Folder of a run with images and sound, a file for each hash. */
export const mediaFolder = 'media';

/** Path below the run's folder: hash, and the media type behind it as an ending. */
export const mediaPath = ({ sha256, mimeType }: Pick<MediaNote, 'sha256' | 'mimeType'>): string =>
  `${mediaFolder}/${sha256}.${(mimeType.split('/')[1] ?? '').replace(/\+.*$/, '')}`;

/** Throws `UsageError` where it cannot be written. */
export function keepMedia(folder: string, media: MediaNote & { readonly content: Uint8Array }): void {
  const path = join(folder, mediaPath(media));
  if (existsSync(path)) return;
  mkdirSync(join(folder, mediaFolder), { recursive: true });
  writeWhole(path, media.content);
}
