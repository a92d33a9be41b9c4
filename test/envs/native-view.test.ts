import { assert, constantFrom, property, string, uniqueArray, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import { makeLedger } from '../../core/tokens/ledger.ts';
import { generationPrompt, systemMessage, userMessage } from '../../core/tokens/template.ts';
import { functionName, functionNames } from '../../envs/view-parts/function-names.ts';
import native from '../../envs/views/native.ts';
import { act, fakeTool, onDemand, worldOf } from './fake-tools.ts';

const tools = [fakeTool('files', 'write'), fakeTool('files', 'read'), fakeTool('notes', 'write')];

const namesOf = (list: typeof tools) => list.map(functionNames(list).nameOf);

describe('the native view', () => {
  test('offers every tool as a function with its schema, and finish', async () => {
    const view = native(worldOf(tools), onDemand);
    const names = ['files__write', 'files__read', 'notes__write', 'finish'];
    expect(view.metaTools.map(({ name }) => name)).toEqual(names);
    expect(view.metaTools[0]?.inputSchema).toBe(tools[0]?.inputSchema);
    expect(view.visible.loaded).toEqual(tools);
    const prompt = systemMessage(view.system, view.metaTools);
    expect(view.schemas.map(({ server }) => server)).toEqual(['files', 'notes']);
    for (const { text } of view.schemas) expect(prompt).toContain(text);
    const reply = await view.act(act('notes__write', { text: 'x' }));
    expect(reply).toMatchObject({ observation: { text: 'write ok' }, event: { kind: 'called', server: 'notes' } });
    expect((await view.act(act('finish', { answer: '1' }))).finished).toEqual({ answer: '1' });
  });

  test('is counted with its functions, behind what servers tell every client', () => {
    const world = worldOf(tools);
    const [files, notes] = world.toolspace.servers;
    const servers = [files, { ...notes, instructions: 'Say please.' }] as typeof world.toolspace.servers;
    const { system, metaTools, schemas } = native({ ...world, toolspace: { ...world.toolspace, servers } }, onDemand);
    const ledger = makeLedger({ system, metaTools, schemas, prompt: 'P', contextTokens: 9_000, resultTokens: 99 });
    expect(schemas.map(({ server }) => server)).toEqual(['notes', 'files', 'notes']);
    const whole = systemMessage(system, metaTools) + userMessage('P') + generationPrompt;
    expect(ledger.nextPromptTokens()).toBe(qwen3Counter.count(whole));
  });

  test('says in a sentence what is wrong with a call', async () => {
    const view = native(worldOf(tools), onDemand);
    const said = async (...asked: Parameters<typeof act>) => (await view.act(act(...asked))).observation;
    expect(await said('files__wriet')).toMatchObject({
      isError: true,
      text: 'There is no function "files__wriet". Did you mean "files__write"?',
    });
    expect((await said('files__write')).text).toMatch(/^write was not called: .*must have required property 'text'/);
    expect((await said('files__write', null as never)).text).toMatch(/arguments must be an object/);
    // A function that was never offered, whatever other views have.
    expect((await said('call_tool', { server: 'files', tool: 'read', arguments: { text: 'x' } })).text).toMatch(
      /^There is no function "call_tool"/,
    );
  });

  test('keeps its list when tools change: what is new is told, counted and not callable, what is gone is said', async () => {
    const changed = { ...fakeTool('files', 'write'), description: 'Does more.' };
    const view = native(worldOf(tools, [[changed, fakeTool('files', 'fresh')]]), onDemand);
    const before = JSON.stringify(view.metaTools);
    const { observation, event } = await view.act(act('files__write', { text: 'x' }));
    expect(observation.text).toBe(
      '[The tools of server files have changed: added fresh; removed read; changed write. What was added cannot be called: ' +
        'the functions stay as they were at the start. What has changed keeps its old schema in the list of functions.]\nwrite ok',
    );
    expect(event).toEqual({ kind: 'called', server: 'files', tools: ['write'], tooLate: ['fresh'] });
    expect(JSON.stringify(view.metaTools)).toBe(before);
    expect(view.visible.loaded).toEqual(tools);
    const said = async (...asked: Parameters<typeof act>) => view.act(act(...asked));
    expect((await said('files__read', { text: 'x' })).observation.text).toBe(
      'Server files no longer has the tool "read".',
    );
    expect((await said('files__write', { text: 'x' })).observation.text).toBe('write ok');
    expect((await said('files__fresh', { text: 'x' })).event.kind).toBe('refused');
    // What a policy in code would say of it.
    const late = await said('call_tool', { server: 'files', tool: 'fresh', arguments: { text: 'x' } });
    expect(late.observation.text).toMatch(/^The tool fresh of server files cannot be called: it came after the start/);
  });

  test('puts calls of call_tool into functions and back', () => {
    const { functions } = native(worldOf(tools), onDemand);
    const meant = act('call_tool', { server: 'files', tool: 'read', arguments: { text: 'x' } });
    const written = act('files__read', { text: 'x' });
    expect(functions?.written(meant)).toEqual(written);
    expect(functions?.meant(written)).toEqual(meant);
    expect(functions?.written(act('finish'))).toEqual(act('finish'));
  });
});

describe('names of functions', () => {
  test('are server and tool, and otherwise told: characters, length, two of one name', () => {
    expect(functionNames(tools).notes).toEqual([]);
    const odd = [fakeTool('a.b', 'x'), fakeTool('long', 'y'.repeat(80)), fakeTool('a', 'b__c'), fakeTool('a__b', 'c')];
    const { nameOf, notes } = functionNames(odd);
    expect(odd.map(nameOf)).toEqual([
      'a_b__x',
      expect.stringMatching(/^long__y{49}_[0-9a-f]{8}$/),
      expect.stringMatching(/^a__b__c_[0-9a-f]{8}$/),
      expect.stringMatching(/^a__b__c_[0-9a-f]{8}$/),
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/^In the view native 4 tools are not called SERVER__TOOL, because .*: a\.b\.x is a_b__x; /),
    ]);
  });

  test('are refused where two tools cannot be told apart', () => {
    const twice = [fakeTool('a', 'x'), fakeTool('a', 'x')];
    expect(() => functionNames(twice)).toThrow(UsageError);
    expect(() => functionNames(twice)).toThrow(/the tools a\.x and a\.x would both be the function a__x_/);
  });

  test('fit the rule, are unique, and hang neither on the order nor on chance', () => {
    const part = string({ unit: constantFrom('a', 'b', '_', '.', '-', 'ü', ' '), minLength: 1, maxLength: 50 });
    const pairs = uniqueArray(record({ server: part, name: part }), {
      selector: ({ server, name }) => `${server}\n${name}`,
      maxLength: 20,
    });
    assert(
      property(pairs, (list) => {
        const some = list.map(({ server, name }) => fakeTool(server, name));
        const names = namesOf(some);
        for (const name of names) expect(name).toMatch(functionName);
        expect(new Set(names).size).toBe(names.length);
        expect(namesOf(some.toReversed())).toEqual(names.toReversed());
      }),
    );
  });
});
