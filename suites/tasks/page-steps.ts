import { addPage, type Change, namesIn, unchanged } from './state.ts';
import type { Step } from './step.ts';

const onPages = (tool: string, args: Step['arguments'], change: Change = unchanged): Step => ({
  server: 'memory-bank',
  tool,
  arguments: args,
  change,
});

export const readPage = (projectName: string, fileName: string): Step => ({
  ...onPages('memory_bank_read', { projectName, fileName }),
  shows: ({ pages }) => pages[`${projectName}/${fileName}`],
});

export const listPages = (projectName: string): Step => ({
  ...onPages('list_project_files', { projectName }),
  shows: ({ pages }) => namesIn(`${projectName}/`, pages).join(','),
});

/** Replaces the whole text of a page that exists. */
export const replacePage = (projectName: string, fileName: string, content: string): Step =>
  onPages('memory_bank_update', { projectName, fileName, content }, addPage(projectName, fileName, content));
