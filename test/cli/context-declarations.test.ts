import { expect, test } from 'vitest';
import { byteTokens, tokenizerFolder } from '../models/small-tokenizer.ts';
import { clientFile, tool } from './listed-servers.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

test('tools are shown as declarations, below what that saves', async () => {
  const findIt = tool('find-it', 'Finds.', { text: { type: 'string', description: 'What to look for.' } });
  const file = clientFile(temporaryFolder(), { declared: { tools: [findIt] } });
  const words = ['context', file, '--as', 'declarations', '--form', 'mcp', '--tokenizer', tokenizerFolder()];
  const { code, stdout, stderr } = await toolstone(...words);
  expect(code, stderr).toBe(0);
  const declared =
    'declare namespace declared {\n  /** Finds. */\n  function find_it(args?: {\n' +
    '    /** What to look for. */\n    text?: string;\n  }): Promise<unknown>;\n}\n';
  const [tokens, written] = [byteTokens(declared), byteTokens(JSON.stringify([findIt]))];
  const share = (tokens / written).toFixed(2);
  expect(stdout).toBe(
    `// 1 tool of 1 server: ${tokens} tokens as declarations, ${written} in the form mcp (${share} of them).\n\n${declared}`,
  );
  const refused = await toolstone(...words, '--json');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("'--as <what>' cannot be used with option '--json'");
}, 60_000);
