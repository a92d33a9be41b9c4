import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { markup, rawMarkup, scriptJson } from '../../reports/markup.ts';

test('texts are escaped inside elements and attributes, markup is not, and nothing is nothing', () => {
  const hostile = `<b a="1">'&`;
  expect(String(markup`<i title="${hostile}">${hostile}</i>`)).toBe(
    '<i title="&lt;b a=&quot;1&quot;&gt;&#39;&amp;">&lt;b a=&quot;1&quot;&gt;&#39;&amp;</i>',
  );
  const items = ['<', rawMarkup('<br>')].map((item) => markup`<li>${item}</li>`);
  expect(String(markup`<ul>${items}${null}</ul>${3}`)).toBe('<ul><li>&lt;</li><li><br></li></ul>3');
});

test('line breaks of a template are a space between words, and nothing beside a tag or a placeholder', () => {
  const word = ' in between ';
  expect(
    String(markup`
      <p>
        two
        words ${word}
        ${'at the'}${' '}
        end
      </p>
      <p>.</p>`),
  ).toBe('<p>two words  in between at the end</p><p>.</p>');
});

test('line breaks of what is put in stay as they are', () => {
  expect(String(markup`<pre>${'a\n  b'}</pre>${rawMarkup('c\n  <d>')}`)).toBe('<pre>a\n  b</pre>c\n  <d>');
});

test('no value of a script’s JSON ends the script', () => {
  const value = { text: '</script><!--' };
  const text = String(scriptJson(value));
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toEqual(value);
});

const hostile = fc.string({
  unit: fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    "'",
    'a',
    ' ',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u{e0041}',
  ),
});
const hidden = /[<>"'\p{Bidi_Control}\u200b\u2028\ufeff\u{e0041}]/u;

test('no text put into a page is markup or hides in it, in an element, an attribute, a list or a script’s JSON', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const page = String(markup`<p title="${text}">${text}${[text, [text]]}</p>`);
      const [, attribute = '', content = ''] = /^<p title="([^"]*)">(.*)<\/p>$/u.exec(page) ?? [];
      expect(page).toBe(`<p title="${attribute}">${content}</p>`);
      expect(attribute + content).not.toMatch(hidden);
      const json = String(scriptJson({ [text]: text }));
      expect(json).not.toMatch(/[<\p{Bidi_Control}\u200b\u2028\ufeff\u{e0041}]/u);
      const [key, value] = Object.entries(JSON.parse(json))[0] ?? [];
      expect(value).toBe(key);
    }),
  );
});

test('marks of direction and characters without width are written out', () => {
  expect(String(markup`<i>${'a\u202eb'}${['\u200b']}</i>`)).toBe('<i>a[U+202E]b[U+200B]</i>');
  expect(String(scriptJson('a\u202eb'))).toBe('"a[U+202E]b"');
});
