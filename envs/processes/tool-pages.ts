import { isPart } from './content.ts';

/** Pages in a row that bring no tool. Any number of others may come. */
const MOST_BARREN_PAGES = 20;

interface Pages {
  /** Result of `tools/list` with the tools of all its pages; the first one as it came where it is no list. */
  readonly result: unknown;
  /** Why pages may be missing. */
  readonly remarks: readonly string[];
}

/** Asks for page after page until there is none, or the server goes round in circles. */
export async function allPages(ask: (params: { readonly cursor?: string }) => Promise<unknown>): Promise<Pages> {
  const first = await ask({});
  if (!isPart(first) || !Array.isArray(first['tools'])) return { result: first, remarks: [] };
  const tools: unknown[] = [...(first['tools'] as readonly unknown[])];
  const asked = new Set<string>();
  let cursor = first['nextCursor'];
  let barren = 0;
  while (typeof cursor === 'string' && !asked.has(cursor)) {
    asked.add(cursor);
    const next = await ask({ cursor });
    const page: unknown = isPart(next) ? next['tools'] : undefined;
    if (!Array.isArray(page)) return { result: { tools }, remarks: [`page ${asked.size + 1} of its tools is no list`] };
    const known = new Set(tools.map((tool) => JSON.stringify(tool)));
    const fresh = (page as readonly unknown[]).filter((tool) => !known.has(JSON.stringify(tool)));
    tools.push(...fresh);
    barren = fresh.length === 0 ? barren + 1 : 0;
    if (barren === MOST_BARREN_PAGES)
      return { result: { tools }, remarks: [`its list of tools goes on after ${barren} pages without a new one`] };
    cursor = (next as { readonly nextCursor?: unknown }).nextCursor;
  }
  return { result: { tools }, remarks: [] };
}
