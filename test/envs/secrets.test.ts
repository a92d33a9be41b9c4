import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { conceal, concealIn, keepSecret } from '../../envs/processes/secrets.ts';

// With all that JSON, URLs and Base64 write otherwise.
const secret = 'pl4nted/"quoted"\\slash é𝄞+~?>\nline=end';
const label = '[secret TOKEN]';
keepSecret('TOKEN', secret);
keepSecret('PART', 'quoted"\\sl');
keepSecret('PATH', '/usr/local/bin:/usr/bin:/bin');

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const inAscii = (text: string) =>
  inJson(text).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const lower = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
const upper = (text: string) => text.replaceAll(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const everyByte = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const hex = (text: string) => Buffer.from(text).toString('hex');

const writings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  JSON: inJson,
  'JSON with escaped slashes': (text) => inJson(text).replaceAll('/', '\\/'),
  'JSON in ASCII': inAscii,
  'JSON in ASCII, upper case': (text) => upper(inAscii(text)),
  'JSON in JSON': (text) => inJson(inJson(text)),
  'JSON in JSON in JSON': (text) => inJson(inJson(inJson(text))),
  URL: encodeURIComponent,
  'URL, lower case': (text) => lower(encodeURIComponent(text)),
  'URL of a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'URL, every byte': everyByte,
  'URL in a URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  'URL in JSON': (text) => inJson(encodeURI(text)),
  Base64: base64,
  'Base64 without padding': (text) => base64(text).replace(/=+$/, ''),
  'Base64 of URLs': (text) => Buffer.from(text).toString('base64url'),
  'Base64 in JSON with escaped slashes': (text) => base64(text).replaceAll('/', '\\/'),
  'Base64 in a URL': (text) => encodeURIComponent(base64(text)),
  'Base64 in lines': (text) => base64(text).replaceAll(/.{16}/g, '$&\r\n'),
  'credentials, first alignment': (text) => `Basic ${base64(`abc${text}`)}`,
  'credentials, second alignment': (text) => `Basic ${base64(`abc:${text}`)}`,
  'credentials, third alignment': (text) => `Basic ${base64(`anna:${text}`)}`,
  'credentials with more behind': (text) => `Basic ${base64(`anna:${text}, and more`)}`,
  hexadecimal: hex,
  'hexadecimal, upper case': (text) => hex(text).toUpperCase(),
};

test.each(Object.entries(writings))('a secret is concealed as %s', (_, written) => {
  const text = `before ${written(secret)} behind`;
  expect(conceal(text)).toContain(label);
  expect(leftOf(conceal(text))).toBe('');
  expect(conceal(text)).toMatch(/^before .* behind$/s);
});

/** What could be read of the secret: long enough pieces of any of its writings. */
function leftOf(text: string): string {
  const pieces = Object.values(writings).flatMap((written) => {
    const whole = written(secret).replace(/^Basic \S{8}/, '');
    return Array.from({ length: Math.max(0, whole.length - 9) }, (_, at) => whole.slice(at, at + 10));
  });
  return pieces.find((piece) => !/behind|and more/.test(piece) && text.includes(piece) && !tail(piece)) ?? '';
}
/** The Base64 of what stands behind the secret in one of the writings. */
const tail = (piece: string) =>
  base64('anna:' + secret + ', and more')
    .slice(-14)
    .includes(piece);

test('over two parts of one result, wherever it was cut', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(writings)), fc.nat(), (written, at) => {
      const whole = written(secret);
      const cut = at % whole.length;
      const text = conceal(`${whole.slice(0, cut)}\n${whole.slice(cut)}`);
      expect(text).toContain(label);
      expect(leftOf(text)).toBe('');
    }),
    { numRuns: 500 },
  );
});

test('what stands around a secret stays as it is, and so does text without any', () => {
  const around = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '\\', '"', '%', '4', '1', 'u', '0', '+', '/', '=', 'é'),
  });
  fc.assert(
    fc.property(around, around, (before, behind) => {
      expect(conceal(before)).toBe(before);
      expect(conceal(`${before}|${secret}|${behind}`)).toBe(`${before}|${label}|${behind}`);
    }),
  );
});

test('a longer secret goes before one that it holds, and both go in data, keys too', () => {
  expect(conceal(`${secret} quoted"\\sl`)).toBe(`${label} [secret PART]`);
  expect(concealIn({ [secret]: [secret, 1, null, { a: `x${inJson(secret)}` }] })).toEqual({
    [label]: [label, 1, null, { a: `x${label}` }],
  });
  // Its last sign ends the text, too, where it is written as JSON.
  keepSecret('QUOTE', 'endswithquote"');
  expect(concealIn(['endswithquote', 'endswithquote"'])).toEqual(['endswithquote', '[secret QUOTE]']);
});

test('a text of a million characters costs no more than its length', () => {
  for (const part of ['\\', '%25', '\n', '\\n', '+', 'pl4nted/', '\\u005c', base64(secret).slice(0, 30)]) {
    const text = part.repeat(1_000_000 / part.length);
    const started = performance.now();
    conceal(text);
    expect(performance.now() - started, part).toBeLessThan(10_000);
  }
});
