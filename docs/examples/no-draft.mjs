// Says yes (exit code 0) when no text in the folder still holds the word “draft”, no (1) otherwise.
import { readdirSync, readFileSync } from 'node:fs';

const folder = process.argv[2];
const drafts = readdirSync(folder).filter((name) => /draft/i.test(readFileSync(`${folder}/${name}`, 'utf8')));
if (drafts.length > 0) process.stderr.write(`still a draft: ${drafts.join(', ')}\n`);
process.exitCode = drafts.length > 0 ? 1 : 0;
