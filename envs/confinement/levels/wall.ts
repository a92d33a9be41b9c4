/** A file or folder, and the path by which the confined program sees it. */
export interface Mount {
  readonly real: string;
  readonly shown: string;
}

/** What a confined program has of the machine. Nothing else can be written to, or read. */
export interface Box {
  /** Working directory, as the program sees it. */
  readonly folder: string;
  readonly writable: readonly Mount[];
  readonly readable: readonly Mount[];
  readonly network: boolean;
}

/** One level of confinement that starts programs in boxes. */
export interface Wall {
  /** As a sentence's subject. */
  readonly title: string;
  /** Why no program can be confined so here, if none can; the sentence's end. Asked before each other function. */
  readonly fault: () => string | undefined;
  /** The command that adds it, or what to do where no command does. */
  readonly cure: string;
  /** What it lets through that stronger levels do not. */
  readonly gaps?: string;
  /** Mounts may be shown by another path than their own. */
  readonly movesPaths: boolean;
  /** Program and arguments that start a command in a box. */
  readonly wrap: (box: Box, command: readonly string[]) => string[];
}

/** A file or folder by its own path. */
export const asItIs = (path: string): Mount => ({ real: path, shown: path });
