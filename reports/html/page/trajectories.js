// @ts-check
// Shows one recorded trajectory at a time. Whatever a server, a model or a task said goes in by `textContent`, so that no
// text can become markup. Runs in the page alone.

/** @typedef {import('../sample.ts').SampledTrajectory} Trajectory */
/** @typedef {Trajectory['turns'][number]} Turn */
/** @typedef {Turn['calls'][number]} Call */
/** @typedef {{server?: string, tool?: string, arguments?: unknown}} CallArguments of `call_tool` and `load_tools` */

/** @type {import('../page-data.ts').PageData} */
const { sample, arms } = JSON.parse(element('report-data').textContent ?? '');
const { trajectories } = sample;
/** Token source and its colour in the style sheet. */
const sources = /** @type {const} */ ([
  ['system', 's0'],
  ['schemas', 's1'],
  ['results', 's2'],
  ['history', 's3'],
  ['code', 'accent'],
  ['output', 's4'],
]);
const mostTokens = Math.max(
  1,
  ...trajectories.flatMap(({ turns }) => turns.map(({ tokens }) => tokens.prompt + tokens.output)),
);

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
/**
 * An element with attributes, `text` being its text, and children; `null` is no child.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | null)[]} [children]
 */
function make(tag, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) if (child) made.append(child);
  return made;
}

/** @param {number | null | undefined} value */
const shareText = (value) => (value === null || value === undefined ? 'not scored' : value.toFixed(2));
/** @param {string} title @param {Node} content */
const fold = (title, content) => make('details', {}, [make('summary', { text: title }), content]);
/** @param {string} text @param {string} [kind] */
const tag = (text, kind = '') => make('li', { text, class: kind });

/** A bar of a prompt's tokens by source, on the scale of the longest prompt, and the same in words. @param {Turn['tokens']} tokens */
function tokensOf(tokens) {
  const schemas = Object.entries(tokens.schemas);
  const counts = { ...tokens, schemas: schemas.reduce((sum, [, count]) => sum + count, 0) };
  const perServer = schemas.filter(([, count]) => count > 0).map(([server, count]) => `${server} ${count}`);
  const bar = make('div', { class: 'bar', role: 'img', 'aria-label': 'tokens by source' });
  const legend = make('div', { class: 'legend' });
  for (const [source, colour] of sources) {
    const count = counts[source];
    // Programs are a source where there were some.
    if (count === undefined) continue;
    const part = make('i');
    part.style.width = `${(100 * count) / mostTokens}%`;
    part.style.background = `var(--${colour})`;
    bar.append(part);
    const swatch = make('i');
    swatch.style.background = `var(--${colour})`;
    const detail = source === 'schemas' && perServer.length > 0 ? ` (${perServer.join(', ')})` : '';
    legend.append(make('span', {}, [swatch, document.createTextNode(`${source} ${count}${detail}`)]));
  }
  legend.append(make('span', { text: `prompt ${tokens.prompt}` }));
  return make('div', {}, [bar, legend]);
}

/** @param {unknown} value */
function pretty(value) {
  if (typeof value === 'string') return value;
  const flat = JSON.stringify(value);
  return flat.length < 100 ? flat : JSON.stringify(value, null, 2);
}

/** @param {Call['action']} action */
function titled({ name, arguments: body }) {
  const { server, tool, arguments: inner } = /** @type {CallArguments} */ (body);
  if (name === 'call_tool') return { title: `call_tool ${server} · ${tool}`, body: inner };
  // Line breaks of a program stay line breaks.
  const { code } = /** @type {{code?: unknown}} */ (body);
  if (name === 'run_program' && typeof code === 'string') return { title: name, body: code };
  return { title: server ? `${name} ${server}` : name, body };
}

/** Why a reply held no call that could be carried out. */
const lossOf = {
  'no-call': 'the reply held no call',
  'unreadable-call': 'the call could not be read',
  cut: 'the reply was cut before it held a whole call',
  'unparsed-by-server': 'the endpoint could not read the call of its own model',
};
/** Reasons of a model to stop that go without saying. */
const usualReasons = ['stop', 'tool_calls'];

/** @param {Turn} turn @param {number} index */
function turnOf({ calls, lost, logProbability, usage, finishReason, text, user, tokens }, index) {
  const facts = [
    ...(logProbability === undefined ? [] : [`log-probability ${logProbability.toFixed(3)}`]),
    ...(usage ? [`provider counted ${usage.promptTokens} + ${usage.outputTokens} tokens`] : []),
    ...(finishReason === undefined || usualReasons.includes(finishReason)
      ? []
      : [`the model stopped: ${finishReason}`]),
  ];
  return make('li', {}, [
    ...calls.flatMap((call, place) => {
      const number = calls.length === 1 ? `${index + 1}.` : `${index + 1}.${place + 1}`;
      return callOf(call, number, lost);
    }),
    text ? fold('reply of the model', make('pre', { text })) : null,
    ...(user === undefined
      ? []
      : [make('h4', { text: 'The user then said' }), make('pre', { text: user, class: 'user' })]),
    facts.length > 0
      ? make(
          'div',
          { class: 'legend' },
          facts.map((fact) => make('span', { text: fact })),
        )
      : null,
    tokensOf(tokens),
  ]);
}

/** A call with its result; of a lost turn, which made none, what the model was told. */
function callOf(
  /** @type {Call} */ { action, observation, event, isInside },
  /** @type {string} */ number,
  /** @type {Turn['lost']} */ lost,
) {
  const { title, body } = titled(action);
  const facts = [
    event.kind,
    ...(isInside ? ['by the program below, which got the result'] : []),
    ...(observation.cutTokens > 0 ? [`${observation.cutTokens} tokens cut by the context budget`] : []),
  ];
  const result = make('pre', { text: observation.text === '' ? '(nothing)' : observation.text, class: 'result' });
  return [
    make('h4', {}, [
      make('b', { text: `${number} ${lost ? `no call: ${lossOf[lost]}` : title}` }),
      make('span', { text: facts.join(' · '), class: event.kind === 'refused' ? 'bad' : '' }),
    ]),
    lost ? null : make('pre', { text: pretty(body) }),
    observation.isError
      ? make('div', { text: 'answered with an error', class: 'legend bad' })
      : make('div', { text: 'answered', class: 'legend' }),
    observation.text.length > 1200 ? fold(`result, ${observation.text.length} characters`, result) : result,
  ];
}

/** @param {Trajectory} trajectory */
function verdictTable({ rubric, verdicts }) {
  const criteria = sample.rubrics[rubric] ?? [];
  const rows = verdicts.map((verdict) => {
    const criterion = criteria.find(({ id }) => id === verdict.criterion);
    const score =
      verdict.state === 'scored'
        ? { class: `number ${verdict.score >= 0.5 ? 'good' : 'bad'}`, text: verdict.score.toFixed(2) }
        : { class: 'number ', text: 'unscored' };
    return make('tr', {}, [
      make('th', { scope: 'row', text: verdict.criterion }),
      make('td', { 'data-title': 'Category', text: criterion?.category ?? '–' }),
      make('td', { 'data-title': 'Weight', class: 'number', text: criterion ? String(criterion.weight) : '–' }),
      make('td', { 'data-title': 'Score', ...score }),
      make('td', {
        class: 'wide',
        'data-title': 'What it asks, or why it was not scored',
        text: verdict.state === 'scored' ? (criterion?.description ?? '') : verdict.reason,
      }),
    ]);
  });
  const titles = ['Criterion', 'Category', 'Weight', 'Score', 'What it asks, or why it was not scored'];
  const head = titles.map((text) =>
    make('th', { scope: 'col', text, class: text === 'Weight' || text === 'Score' ? 'number' : '' }),
  );
  const table = make('table', { id: 'verdicts', class: 'stack' }, [
    make('thead', {}, [make('tr', {}, head)]),
    make('tbody', {}, rows),
  ]);
  return make('div', { class: 'scroll' }, [table]);
}

/** @param {Trajectory['outcome']} outcome */
function endingOf(outcome) {
  if (outcome.kind === 'terminated') return 'ended by finish';
  if (outcome.kind === 'failed') return `void: ${outcome.culprit}, ${outcome.message}`;
  return {
    turns: 'cut off: turn limit',
    context: 'cut off: context full',
    'endpoint-context': 'cut off: context of the endpoint full',
    refusal: 'cut off: the endpoint refused',
    left: 'left without finish',
    damage: 'cut off: its calls broke its world',
  }[outcome.cause];
}

/** @param {Trajectory} trajectory */
function tagsOf({ success, outcome, policy, policyVersion, view, rewards }) {
  const truth = success
    ? [
        tag(success.verified ? 'verified' : 'not verified', success.verified ? 'good' : 'bad'),
        tag(success.properFinish ? 'proper finish' : 'no proper finish', success.properFinish ? 'good' : 'bad'),
      ]
    : [outcome.kind === 'failed' ? tag('void episode', 'bad') : tag('for a judge: code found nothing wrong')];
  return make('ul', { class: 'tags' }, [
    ...truth,
    tag(endingOf(outcome)),
    tag(policyVersion > 0 ? `policy ${policy}, after ${policyVersion} updates` : `policy ${policy}`),
    tag(`view ${view}`),
    ...Object.entries(rewards).map(([name, reward]) => tag(`${name} ${shareText(reward)}`)),
  ]);
}

/** @param {Trajectory | undefined} trajectory */
function show(trajectory) {
  if (!trajectory) {
    element('trajectory').replaceChildren();
    return;
  }
  const { key, prompt, system, turns, outcome, verdicts, evidence } = trajectory;
  element('trajectory').replaceChildren(
    make('p', { class: 'episode', text: `${arms[key.job] ?? key.job}: ${key.task}, split ${key.phase}` }),
    tagsOf(trajectory),
    make('h3', { text: 'Prompt' }),
    make('pre', { text: prompt, id: 'trajectory-prompt' }),
    fold('system prompt', make('pre', { text: sample.texts[system] ?? '' })),
    make('h3', { text: 'Turns' }),
    make('ol', { class: 'turns' }, turns.map(turnOf)),
    ...(outcome.kind === 'terminated' ? [make('p', { text: `Answer: ${outcome.answer || '(none)'}` })] : []),
    make('h3', { text: 'Verdicts' }),
    verdicts.length > 0 ? verdictTable(trajectory) : make('p', { text: 'None.' }),
    fold('end state, as facts', make('pre', { text: JSON.stringify(evidence, null, 2) })),
  );
}

// `picker.js` says which.
if (trajectories.length > 0)
  element('trajectory').addEventListener('chosen', (event) => {
    show(trajectories[/** @type {CustomEvent<number>} */ (event).detail]);
  });
