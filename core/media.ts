/** An image or a piece of sound as the server sent it. */
export interface Media {
  readonly kind: 'image' | 'audio';
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
}

/** What a record says of an image or a piece of sound; the bytes stand in the run's folder, by their hash. */
export interface MediaNote extends Pick<Media, 'kind' | 'mimeType'> {
  readonly bytes: number;
  /** Of the bytes, hex. */
  readonly sha256: string;
}
