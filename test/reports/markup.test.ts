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
