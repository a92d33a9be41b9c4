import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesInText, withParameters } from '../../core/aliases/named-in-text.ts';
import { patternText } from '../../core/pattern-text.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';

test('texts say aliases where they name tools, and keep words that may mean anything else', () => {
  const { translation } = aliasedToolspace(['filesystem', 'memory', 'memory-bank'], {
    share: 1,
    seed: 3,
    vocabulary: 'test',
    heldOutServers: [],
  });
  const { names } = translation;
  const aliasOf = (server: string, tool?: string) => {
    const one = names.find((other) => other.server === server);
    return tool === undefined ? one?.alias : one?.tools.find((other) => other.tool === tool)?.alias;
  };
  const [files, bank, read] = [aliasOf('filesystem'), aliasOf('memory-bank'), aliasOf('filesystem', 'read_text_file')];
  const said = namesInText(names);
  expect(said('Call filesystem.read_text_file, or read_text_file.')).toBe(`Call ${files}.${read}, or ${read}.`);
  expect(said('Use memory-bank and not my memory.')).toBe(`Use ${bank} and not my memory.`);
  expect(said('`memory-bank` by read_text_file, "read_text_file"')).toBe(`\`${bank}\` by ${read}, "${read}"`);
  for (const text of ['see a/read_text_file', 'read_text_file.md', 'my-memory-bank', 'the memory of the filesystem'])
    expect(said(text)).toBe(text);
  const tool = names.find(({ server }) => server === 'filesystem')?.tools.find((one) => one.tool === 'read_text_file');
  const [head] = tool?.parameters.filter(([name]) => name === 'head') ?? [];
  const inTexts = withParameters(said, tool as NonNullable<typeof tool>);
  expect(inTexts('The first lines by `head`, not ahead.')).toBe(`The first lines by \`${head?.[1]}\`, not ahead.`);
});

const toolOf = (tool: string, alias: string, ...parameters: readonly [string, string][]) => ({
  tool,
  alias,
  parameters,
});

test('texts say names that hold what names seldom hold, and of two tools of one name that of the server that speaks', () => {
  const names = [
    {
      server: 'my notes',
      alias: 'ledger',
      tools: [toolOf('read/all', 'scan'), toolOf('get_note', 'fetch_slip'), toolOf('put_in/out', 'lay')],
    },
    {
      server: 'cards',
      alias: 'deck',
      tools: [toolOf('get_note', 'draw_one', ['a b', 'c']), toolOf('put_in/out', 'deal')],
    },
  ];
  const said = namesInText(names);
  expect(said('my notes.read/all, then cards.get_note; not read/all/it')).toBe(
    'ledger.scan, then deck.draw_one; not read/all/it',
  );
  expect(['my notes', 'cards', undefined].map((server) => said('Call get_note, put_in/out.', server))).toEqual([
    'Call fetch_slip, lay.',
    'Call draw_one, deal.',
    'Call get_note, put_in/out.',
  ]);
  const [ofCards] = names[1]?.tools ?? [];
  expect(withParameters(said, ofCards as NonNullable<typeof ofCards>)("By 'a b' and a b.")).toBe("By 'c' and a b.");
});

/** Made of what names usually hold, and of what they seldom do. */
const anyName = fc
  .array(fc.constantFrom('a', 'bC', '_', '-', '.', ' ', '/', '$', 'é', '(', '\\'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

/** The same by a search for each name, the longest first; words that may mean anything else count where they are quoted. */
function saidPlainly(text: string, parameters: readonly (readonly [string, string])[]): string {
  const other = new Map(parameters.filter(([name, alias]) => name !== alias));
  if (other.size === 0) return text;
  const names = [...other.keys()].sort((a, b) => b.length - a.length);
  const searches = names.flatMap((name) => {
    const alone = patternText(name);
    return /[_-]|[a-z][A-Z]/.test(name) ? [alone] : ['"', "'", '`'].map((quote) => `(?<=${quote})${alone}(?=${quote})`);
  });
  const whole = new RegExp(`(?<![\\w/.-])(?:${searches.join('|')})(?![\\w/-]|\\.\\w)`, 'g');
  return text.replaceAll(whole, (name) => other.get(name) as string);
}

const words = ['a', 'bC', '_', ' ', '. ', '.', '"', "'", '`', '/', '-', 'é'];
const aliases = fc.constantFrom('Q', 'R', 'a', 'bC', 'a_bC');
const parametersAndText = fc
  .uniqueArray(fc.tuple(anyName, aliases), { selector: ([name]) => name, maxLength: 4 })
  .chain((parameters) => {
    const parts = fc.array(fc.constantFrom(...parameters.map(([name]) => name), ...words), { maxLength: 12 });
    return fc.tuple(
      fc.constant(parameters),
      parts.map((all) => all.join('')),
    );
  });

test('texts say each parameter that goes by another name, whatever that is made of, and keep the rest', () => {
  fc.assert(
    fc.property(parametersAndText, ([parameters, text]) => {
      const inText = withParameters((same) => same, toolOf('send', 'send', ...parameters));
      expect(inText(text)).toBe(saidPlainly(text, parameters));
    }),
    { numRuns: 1000 },
  );
});

test('texts say each tool that is named with its server, whatever these names are made of', () => {
  fc.assert(
    fc.property(anyName, anyName, fc.constantFrom('.', '__'), (server, tool, joint) => {
      const said = namesInText([{ server, alias: 'Q', tools: [toolOf(tool, 'R')] }]);
      expect(said(`Call ${server}${joint}${tool}, now`)).toBe(`Call Q${joint}R, now`);
    }),
  );
});
