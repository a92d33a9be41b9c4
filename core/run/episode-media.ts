import { createHash } from 'node:crypto';
import type { Media, MediaNote } from '../media.ts';

/** Images and sound of one episode, each once by the hash of its bytes. */
export interface EpisodeMedia {
  /** Keeps what can be handed on, and says what it is. */
  readonly keep: (media: readonly Media[]) => readonly MediaNote[];
  readonly of: (sha256: string) => Media | undefined;
  readonly all: () => readonly KeptMedia[];
}

export interface KeptMedia extends MediaNote {
  readonly content: Uint8Array;
}

/** A media type in words of a server's: it goes into addresses and names of files. */
const mediaType = /^(image|audio)\/[\w.+-]{1,60}$/;

export function episodeMedia(): EpisodeMedia {
  const kept = new Map<string, { readonly note: MediaNote; readonly media: Media; readonly content: Uint8Array }>();
  return {
    keep: (media) =>
      media.flatMap(({ kind, mimeType, data }) => {
        const content = Buffer.from(data, 'base64');
        if (!mediaType.test(mimeType) || content.length === 0) return [];
        const sha256 = createHash('sha256').update(content).digest('hex');
        let one = kept.get(sha256);
        if (!one) {
          const note = { kind, mimeType, bytes: content.length, sha256 };
          // What decodes may have been written with blanks or in the alphabet of addresses.
          one = { note, media: { kind, mimeType, data: content.toString('base64') }, content };
          kept.set(sha256, one);
        }
        return [one.note];
      }),
    of: (sha256) => kept.get(sha256)?.media,
    all: () => [...kept.values()].map(({ note, content }) => ({ ...note, content })),
  };
}
