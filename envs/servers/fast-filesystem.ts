import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'fast-filesystem',
  package: 'fast-filesystem-mcp',
  licence: 'Apache-2.0',
  summary: 'Reads, writes, copies, edits and searches files and folders.',
  entry: 'dist/index.js',
  arguments: ({ folder }) => ['--allow', folder],
  facts: fileFacts,
  // They write to the machine's temporary folder, run its archivers, tell of its disks, or wait on a real clock.
  withheld: [
    'fast_batch_file_operations',
    'fast_compress_files',
    'fast_extract_archive',
    'fast_get_disk_usage',
    'fast_large_write_file',
  ],
  proseArguments: ['content', 'search', 'replace', 'pattern', 'old_text', 'new_text', 'text'],
  expectedTools: 25,
} satisfies ServerDefinition;
