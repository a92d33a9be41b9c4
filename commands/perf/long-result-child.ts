import { bookResult } from './long-results.ts';
import { LONG_LETTERS, longText, SHORT_LETTERS } from './long-texts.ts';

/** `long-result-child KIND` prints by how many megabytes this process grows at most while it books a long result of that kind. */
const kind = process.argv[2] ?? '';
const text = longText(kind, LONG_LETTERS, 1);
// What is loaded once is no part of it.
await bookResult(longText(kind, SHORT_LETTERS, 2));
const before = process.resourceUsage().maxRSS;
await bookResult(text);
process.stdout.write(String((process.resourceUsage().maxRSS - before) / 1024));
