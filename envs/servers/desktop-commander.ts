import { fileFacts } from '../state/files/facts.ts';
import { fileBacked, type ServerDefinition } from '../server-definition.ts';

export default {
  ...fileBacked,
  name: 'desktop-commander',
  package: '@wonderwhy-er/desktop-commander',
  licence: 'MIT',
  onRequest: {
    version: '0.2.52',
    lock: new URL('../server-locks/desktop-commander.json', import.meta.url),
    megabytes: 244,
  },
  summary: 'Reads, writes, edits and describes files of many kinds, PDF and spreadsheets among them.',
  entry: 'dist/index.js',
  needsWall: 'is made to reach the whole machine',
  arguments: () => ['--no-onboarding'],
  facts: fileFacts,
  // It reads its configuration when it starts, and keeps it in HOME.
  restartAfterCalls: 1,
  withheld: [
    // They tell numbers of processes, which are others each time.
    'start_process',
    'read_process_output',
    'interact_with_process',
    'force_terminate',
    'list_sessions',
    'list_processes',
    'kill_process',
    // They go on while the next call is answered.
    'start_search',
    'get_more_search_results',
    'stop_search',
    'list_searches',
    // They tell of the machine and how long calls took, and ask for an opinion.
    'get_config',
    'get_recent_tool_calls',
    'get_usage_stats',
    'give_feedback_to_desktop_commander',
  ],
  proseArguments: [
    'content',
    'old_string',
    'new_string',
    'key',
    'value',
    'toolName',
    'since',
    'promptId',
    'sheet',
    'range',
  ],
  expectedTools: 26,
} satisfies ServerDefinition;
