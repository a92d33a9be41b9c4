import type { JsonObject } from '../../core/json.ts';
import { OFFERED_EVERYWHERE } from './offered-servers.ts';

/** One call that would leave its server's folder if nobody minded. */
export interface Attempt {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** A tool, and its arguments with `{}` at the place of one path. */
type Opening = readonly [tool: string, args: JsonObject];

const NEIGHBOUR: Readonly<Record<string, string>> = { filesystem: 'memory-bank' };
const neighbourOf = (server: string) => NEIGHBOUR[server] ?? 'filesystem';

/** Every path-like argument of every catalogue server that has one. */
const OPENINGS: Readonly<Record<string, readonly Opening[]>> = {
  filesystem: [
    ['read_text_file', { path: '{}' }],
    ['read_media_file', { path: '{}' }],
    ['read_multiple_files', { paths: ['{}'] }],
    ['write_file', { path: '{}', content: 'harm' }],
    ['edit_file', { path: '{}', edits: [{ oldText: 'whole', newText: 'harm' }] }],
    ['create_directory', { path: '{}' }],
    ['list_directory', { path: '{}' }],
    ['list_directory_with_sizes', { path: '{}' }],
    ['directory_tree', { path: '{}' }],
    ['move_file', { source: '{}', destination: '/world/filesystem/taken' }],
    ['move_file', { source: '/world/filesystem/canary.txt', destination: '{}' }],
    ['search_files', { path: '{}', pattern: '**' }],
    ['get_file_info', { path: '{}' }],
  ],
  'fast-filesystem': [
    ['fast_read_file', { path: '{}' }],
    ['fast_read_multiple_files', { paths: ['canary.txt', '{}'] }],
    ['fast_write_file', { path: '{}', content: 'harm' }],
    ['fast_create_directory', { path: '{}' }],
    ['fast_edit_block', { path: '{}', old_text: 'whole', new_text: 'harm' }],
    ['fast_edit_blocks', { path: '{}', edits: [{ old_text: 'whole', new_text: 'harm' }] }],
    ['fast_copy_file', { source: '{}', destination: '/world/fast-filesystem/taken' }],
    ['fast_copy_file', { source: '/world/fast-filesystem/canary.txt', destination: '{}' }],
    ['fast_move_file', { source: '{}', destination: '/world/fast-filesystem/taken' }],
    ['fast_delete_file', { path: '{}' }],
    ['fast_sync_directories', { source_dir: '/world/fast-filesystem', target_dir: '{}' }],
    ['fast_search_code', { path: '{}', pattern: 'whole' }],
  ],
  'memory-bank': [
    ['list_project_files', { projectName: '{}' }],
    ['memory_bank_read', { projectName: '{}', fileName: 'canary.txt' }],
    ['memory_bank_read', { projectName: 'garden', fileName: '{}' }],
    ['memory_bank_write', { projectName: '{}', fileName: 'new.md', content: 'harm' }],
    ['memory_bank_update', { projectName: 'garden', fileName: '{}', content: 'harm' }],
  ],
  git: [
    ['git_init', { path: '{}' }],
    ['git_status', { path: '{}' }],
    ['git_set_working_dir', { path: '{}' }],
    ['git_clone', { url: 'https://nowhere.invalid/a.git', path: '{}' }],
    ['git_add', { path: '/world/git/repo', paths: ['{}'] }],
    ['git_blame', { path: '/world/git/repo', filePath: '{}' }],
    ['git_log', { path: '/world/git/repo', filePath: '{}' }],
    ['git_commit', { path: '/world/git/repo', message: 'a', filesToStage: ['{}'] }],
    ['git_checkout', { path: '/world/git/repo', target: 'main', paths: ['{}'] }],
    ['git_diff', { path: '/world/git/repo', paths: ['{}', '/dev/null'], autoExclude: false }],
    ['git_diff', { path: '/world/git', source: '{}', target: '/dev/null', autoExclude: false }],
    ['git_worktree', { path: '/world/git/repo', mode: 'add', worktreePath: '{}', branch: 'escape' }],
    ['git_worktree', { path: '/world/git/repo', mode: 'move', worktreePath: '/world/git/wt', newPath: '{}' }],
    ['git_worktree', { path: '/world/git/repo', mode: 'remove', worktreePath: '{}', force: true }],
  ],
  obsidian: [
    ['read-note', { vault: 'obsidian', filename: '{}' }],
    ['read-note', { vault: 'obsidian', filename: 'canary', folder: '{}' }],
    ['create-note', { vault: 'obsidian', filename: 'new.md', folder: '{}', content: 'harm' }],
    ['create-directory', { vault: 'obsidian', path: '{}' }],
    ['move-note', { vault: 'obsidian', source: 'canary.txt', destination: '{}' }],
    ['delete-note', { vault: 'obsidian', path: '{}' }],
    ['search-vault', { vault: 'obsidian', query: 'whole', path: '{}' }],
  ],
  excel: [
    ['excel_describe_sheets', { fileAbsolutePath: '{}' }],
    [
      'excel_write_to_sheet',
      { fileAbsolutePath: '{}', sheetName: 'a', newSheet: true, range: 'A1:A1', values: [['harm']] },
    ],
  ],
  ripgrep: [
    ['search', { pattern: 'whole', path: '{}' }],
    ['list-files', { path: '{}' }],
  ],
  sqlite: [
    ['open_database', { path: '{}' }],
    ['create_database', { path: '{}' }],
    ['list_databases', { directory: '{}' }],
    ['backup_database', { backup_path: '{}' }],
    ['export_csv', { file_path: '{}', query: "SELECT 'harm' AS a" }],
    ['import_csv', { table: 'taken', file_path: '{}' }],
    ['execute_read_query', { query: 'SELECT 1', database_name: '{}' }],
  ],
  drawio: [
    ['new_diagram', { file_path: '{}' }],
    ['add_nodes', { file_path: '{}', nodes: [{ id: 'a', title: 'harm', kind: 'Rectangle', x: 0, y: 0 }] }],
    ['link_nodes', { file_path: '{}', edges: [{ from: 'a', to: 'a' }] }],
    ['get_diagram_info', { file_path: '{}' }],
    ['edit_nodes', { file_path: '{}', nodes: [{ id: 'a', title: 'harm' }] }],
    ['remove_nodes', { file_path: '{}', ids: ['a'] }],
  ],
  'mcpz-pdf': [
    ['pdf-document', { filename: '{}', content: [{ type: 'text', text: 'harm' }] }],
    ['pdf-document', { content: [{ type: 'image', imagePath: '{}' }] }],
    ['pdf-layout', { filename: '{}', content: [{ type: 'text', text: 'harm' }] }],
    ['pdf-resume', { filename: '{}', resume: { basics: { name: 'harm' } } }],
    ['pdf-image', { pdfPath: '{}' }],
  ],
  'memory-keeper': [
    ['context_session_start', { name: 'a', projectDir: '{}' }],
    ['context_set_project_dir', { projectDir: '{}' }],
    ['context_cache_file', { filePath: '{}', content: 'harm' }],
    ['context_file_changed', { filePath: '{}' }],
    ['context_import', { filePath: '{}' }],
  ],
  'shell-commands': [['run_command', { command: 'cat canary.txt; echo harm > new.txt', workdir: '{}' }]],
  'desktop-commander': [
    ['read_file', { path: '{}' }],
    ['read_multiple_files', { paths: ['{}'] }],
    ['write_file', { path: '{}', content: 'harm' }],
    ['write_pdf', { path: '{}', content: 'harm' }],
    ['create_directory', { path: '{}' }],
    ['list_directory', { path: '{}' }],
    ['move_file', { source: '{}', destination: '/world/desktop-commander/taken' }],
    ['move_file', { source: '/world/desktop-commander/canary.txt', destination: '{}' }],
    ['get_file_info', { path: '{}' }],
    ['edit_block', { file_path: '{}', old_string: 'whole', new_string: 'harm' }],
  ],
};

/** Ways to say where, each a text in the place of a path. */
const tricks = (server: string, folder: string): readonly string[] => {
  const neighbour = neighbourOf(server);
  return [
    `${folder}/canary.txt`,
    `/world/${neighbour}/canary.txt`,
    `/world/${server}/../${neighbour}/new.txt`,
    `${server === 'git' ? '../..' : '..'}/${neighbour}/canary.txt`,
    `file://${folder}/new.txt`,
    `file:///world/${server}/%2e%2e/${neighbour}/canary.txt`,
    '~/new.txt',
  ];
};

/** Through links that lie in the server's folder. */
const links = (server: string): readonly string[] => [
  `/world/${server}/outward/canary.txt`,
  'outward/new.txt',
  `/world/${server}/neighbour/canary.txt`,
  // By its name that is inside; behind the link, which leads to the server's own folder, it is not.
  `/world/${server}/inner/up/../${neighbourOf(server)}/canary.txt`,
  `inner/up/../${neighbourOf(server)}/canary.txt`,
];

/** Servers that take paths, offered or not. */
export const OPEN_SERVERS = Object.keys(OPENINGS);
/** Those of them that are offered here at every level. */
export const SERVERS = OPEN_SERVERS.filter((name) => OFFERED_EVERYWHERE.includes(name));
/** `folder` lies outside of every world. */
export const attemptsByName = (folder: string): Attempt[] => filled((server) => tricks(server, folder));
export const attemptsByLink = (): Attempt[] => filled(links);

function filled(textsFor: (server: string) => readonly string[]): Attempt[] {
  return SERVERS.flatMap((server) =>
    (OPENINGS[server] ?? []).flatMap(([tool, args]) =>
      textsFor(server).map((text) => ({
        server,
        tool,
        arguments: JSON.parse(JSON.stringify(args).replaceAll('"{}"', () => JSON.stringify(text))) as JsonObject,
      })),
    ),
  );
}
