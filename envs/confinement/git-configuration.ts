/**
 * What a repository's configuration may hold: what a fixture states, and what the git server's own tools write. Every other key
 * may name a program (`core.fsmonitor`, `filter.*.clean`, `alias.*` …), another file (`include.path`) or another folder
 * (`core.worktree`); their names are free, so that only a list of the harmless ones is ever complete.
 */
const ALLOWED_KEYS: ReadonlySet<string> = new Set([
  'advice.detachedhead',
  'branch.*.merge',
  'branch.*.remote',
  'core.bare',
  'core.compression',
  'core.filemode',
  'core.ignorecase',
  'core.logallrefupdates',
  'core.loosecompression',
  'core.precomposeunicode',
  'core.repositoryformatversion',
  'core.symlinks',
  'gc.auto',
  'maintenance.auto',
  'remote.*.fetch',
  'remote.*.pushurl',
  'remote.*.url',
  'user.email',
  'user.name',
]);

/** The first key that is not allowed, as git would write it; `null` where the text cannot be read as git reads it. */
export function foreignKey(text: string): string | null | undefined {
  const keys = configurationKeys(text);
  return keys === null ? null : keys.find(({ pattern }) => !ALLOWED_KEYS.has(pattern))?.shown;
}

interface ConfigurationKey {
  /** In lower case, with `*` for what stands in quotes. */
  readonly pattern: string;
  readonly shown: string;
}

/** Every key that git finds in a configuration file, or `null` where git itself would stop with an error. */
function configurationKeys(text: string): readonly ConfigurationKey[] | null {
  const reader = new ConfigurationReader(text);
  const keys: ConfigurationKey[] = [];
  let section: Section | null = null;
  while (reader.skipToEntry()) {
    if (reader.take('[')) {
      section = reader.section();
      if (section === null) return null;
      continue;
    }
    const name = reader.match(/[A-Za-z][A-Za-z0-9-]*/y);
    if (name === undefined || section === null || !reader.skipValue()) return null;
    const key = name.toLowerCase();
    keys.push({ pattern: `${section.pattern}.${key}`, shown: `${section.shown}.${key}` });
  }
  return keys;
}

interface Section {
  readonly pattern: string;
  readonly shown: string;
}

/** Follows git's own reader (config.c, `git_parse_source`) letter by letter, so that nothing hides in quotes or comments. */
class ConfigurationReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  }

  /** Goes on to the next section or key; false at the end. */
  skipToEntry(): boolean {
    this.match(/(?:\s|[#;][^\n]*)*/y);
    return this.#at < this.#text.length;
  }

  take(letter: string): boolean {
    const isThere = this.#text[this.#at] === letter;
    if (isThere) this.#at++;
    return isThere;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return undefined;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  /** The rest of a section's head, behind its bracket. */
  section(): Section | null {
    const name = this.match(/[A-Za-z0-9.-]+/y)?.toLowerCase();
    if (name === undefined) return null;
    if (this.take(']')) {
      // The old form `[a.b]` names a part of a section as well.
      const [outer, ...inner] = name.split('.');
      return { pattern: inner.length === 0 ? name : `${outer}.*`, shown: name };
    }
    const quoted = this.match(/\s+"(?:[^"\\\n]|\\[^\n])*"\]/y);
    if (quoted === undefined) return null;
    const part = quoted.trim().slice(1, -2).replaceAll(/\\(.)/gs, '$1');
    return { pattern: `${name}.*`, shown: `${name}.${part}` };
  }

  /** Goes behind a key's value and the line that ends it; false where git would find fault. */
  skipValue(): boolean {
    this.match(/[ \t]*/y);
    if (this.#at === this.#text.length || this.take('\n')) return true;
    if (!this.take('=')) return false;
    let isQuoted = false;
    while (this.#at < this.#text.length) {
      const letter = this.#text[this.#at++];
      if (letter === '\n') return !isQuoted;
      if (letter === '\\') {
        if (this.match(/[\ntbn\\"]/y) === undefined) return false;
      } else if (letter === '"') isQuoted = !isQuoted;
      else if (!isQuoted && (letter === '#' || letter === ';')) this.match(/[^\n]*/y);
    }
    return !isQuoted;
  }
}
