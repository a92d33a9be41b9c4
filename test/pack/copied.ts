/** What is copied beside the compiled modules: what they read at run time with its licence, what builds boxes, and the Python side. */
const read =
  /\.(md|json|cjs)$|^core.word-vectors.(?!.*\.ts$)|^reports.html.page.|^envs.*\.(sh|pl)$|^envs.listed.lists.[^/\\]+$|^finetune.(trl|recipes).[^/\\]+$|^suites.importers.bfcl-classes./;
/** Runs and figures of the repository itself. */
const ofRepository = /^reports.(runs|reference.(experiments|gate))/;

/** Whether the package holds a file of the source, by its path from the root, below `dist`. */
export const isCopied = (path: string): boolean => read.test(path) && !ofRepository.test(path);
