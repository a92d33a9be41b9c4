import { stripTypeScriptTypes } from 'node:module';

/** Node strips types since version 22.6 and still calls that experimental, once a process. */
export function withoutTypes(text: string): string {
  const warn = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]) => {
    if (!String(warning[0]).includes('stripTypeScriptTypes')) warn(...warning);
  };
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = warn;
  }
}
