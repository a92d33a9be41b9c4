import { describe, expect, test } from 'vitest';
import { noSettings, readNamedSettings, settingsText, wholeFrom, type KnownSettings } from '../../core/settings.ts';

interface Settings {
  readonly rate: number;
  readonly votes: number;
  readonly scale: 'group' | 'batch' | 'none';
  readonly dynamic: boolean;
}

const known: KnownSettings<Settings> = {
  defaults: { rate: 0.1, votes: 1, scale: 'group', dynamic: false },
  choices: { scale: ['group', 'batch', 'none'] },
  ranges: { votes: wholeFrom(1, 9) },
};

describe('a name with settings', () => {
  test('is read by the kind of their defaults; what is not said is as by default', () => {
    const set = { rate: 2, scale: 'none', dynamic: true };
    expect(readNamedSettings('x?rate=2&scale=none&dynamic=true', known)).toEqual({
      name: 'x',
      settings: { ...set, votes: 1 },
      set,
    });
    for (const bare of ['x', 'x?']) {
      expect(readNamedSettings(bare, known)).toEqual({ name: 'x', settings: known.defaults, set: {} });
    }
    expect(readNamedSettings('x?votes=2&votes=3', known).settings.votes, 'of two the last').toBe(3);
  });

  test.each([
    ['ollama:qwen3:4b?votes=3', 'ollama:qwen3:4b', 3],
    ['llama:C:/x/FILE.gguf?votes=2', 'llama:C:/x/FILE.gguf', 2],
    ['/odd?folder/model?votes=2', '/odd?folder/model', 2],
    ['?votes=2', '', 2],
  ])('may hold whatever stands before the last "?": %s', (text, name, votes) => {
    expect(readNamedSettings(text, known)).toMatchObject({ name, set: { votes } });
  });

  test.each([
    ['nope=1', ''],
    ['toString=1', ''],
    ['rate=', ': rate is a number from 0'],
    ['rate=x', ': rate is a number from 0'],
    ['rate=-1', ': rate is a number from 0'],
    ['votes=0', ': votes is a whole number from 1 to 9'],
    ['votes=1.5', ': votes is a whole number from 1 to 9'],
    ['scale=no', ': scale is one of group, batch, none'],
    ['dynamic=perhaps', ': dynamic is on or off'],
  ])('with %s is refused in one sentence', (wrong, why) => {
    expect(() => readNamedSettings(`a:b?${wrong}`, known)).toThrow(
      `"${wrong}" is no setting of "a:b"${why}. ` +
        'There are, with their defaults: rate=0.1, votes=1, scale=group (or batch, none), dynamic=false.',
    );
  });

  test.each(['on', 'true', 'yes', '1'])('knows %s for on', (word) => {
    expect(readNamedSettings(`x?dynamic=${word}`, known).settings.dynamic).toBe(true);
  });

  test('may be written in any of the usual ways', () => {
    const { settings } = readNamedSettings('x?Rate=0.5&vo-tes=2&vo_tes=3', known);
    expect([settings.rate, settings.votes]).toEqual([0.5, 3]);
  });

  test('takes texts, percent-encoded, and free ones as they are written', () => {
    const open = { defaults: { 'base-url': '' }, choices: { 'base-url': 'any' as const }, free: 'extra' };
    const { settings } = readNamedSettings('x?base-url=http%3A%2F%2Fhost%2Fv1%3Fa%3Db&extra.top_k=20', open);
    expect(settings).toEqual({ 'base-url': 'http://host/v1?a=b', 'extra.top_k': '20' });
    expect(readNamedSettings(`x${settingsText(settings, open)}`, open).settings, 'and back').toEqual(settings);
    expect(() => readNamedSettings('x?base-url=', open)).toThrow(
      '"base-url=" is no setting of "x": base-url is a text. There are, with their defaults: base-url=TEXT, extra.NAME=VALUE.',
    );
  });

  test('that has none is told so', () => {
    expect(() => readNamedSettings('oracle?view=tool', noSettings)).toThrow(
      '"view=tool" is no setting of "oracle". There are none.',
    );
  });

  test('is written with what differs from the defaults, in their order', () => {
    const { settings } = readNamedSettings('x?dynamic=true&votes=3&scale=none&rate=0.1', known);
    expect(settingsText(settings, known, ['votes'])).toBe('?scale=none&dynamic=true');
    expect(settingsText(known.defaults, known)).toBe('');
  });
});
