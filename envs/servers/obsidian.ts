import { fileFacts, without } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

/** Its facts leave out the vault's settings, and the trash into which deleted notes go. */
export default {
  ...fileBacked,
  name: 'obsidian',
  package: 'obsidian-mcp',
  summary: 'Keeps a vault of Markdown notes with tags, folders and full-text search.',
  entry: 'build/main.js',
  arguments: ({ folder }) => [folder],
  emptyFiles: { '.obsidian/app.json': '{}' },
  facts: (tree) => fileFacts(without(tree, (path) => /^\.(obsidian|trash)\//.test(path))),
  // It refuses the thousandth call within a minute of its clock, which stands nearly still.
  restartAfterCalls: 500,
  needsPlainPath: true,
  proseArguments: ['content', 'query', 'tags', 'tag', 'oldTag', 'newTag'],
  expectedTools: 11,
} satisfies ServerDefinition;
