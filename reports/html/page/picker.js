// @ts-check
// Chooses one of the recorded trajectories: by lists that narrow each other down, or by the address of one, which `#episode=` in
// the page's own address begins. Tells `trajectories.js` by the event `chosen` at `#trajectory`. Runs in the page alone.

/** @typedef {import('../sample.ts').SampledTrajectory} Trajectory */

/** @type {import('../page-data.ts').PageData} */
const { sample, arms } = JSON.parse(element('report-data').textContent ?? '');
const { trajectories } = sample;
/** What an address begins with. */
const address = '#episode=';

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
const selectOf = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (element(`pick-${id}`));
const buttonOf = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (element(`pick-${id}`));

/** @param {Trajectory} trajectory */
const keyOf = ({ key }) => `${key.job} ${key.phase} ${key.task} ${key.repetition}`;
/** @param {Trajectory} trajectory */
const markOf = ({ success, outcome }) =>
  success === null ? (outcome.kind === 'failed' ? 'void' : '?') : success.verified ? '✓' : '✗';

/** `GRPO, rubric, seed 1` for a job of several seeds; else its arm. @param {string} job */
function jobName(job) {
  const arm = arms[job] ?? job;
  const seed = /\/seed-(\d+)$/.exec(job)?.[1];
  const isAlone = Object.values(arms).filter((other) => other === arm).length < 2;
  return isAlone || seed === undefined ? arm : `${arm}, seed ${seed}`;
}

/** @param {Trajectory} trajectory */
function toolsOf({ turns }) {
  const calls = turns
    .flatMap((turn) => turn.calls.map(({ action }) => action))
    .filter(({ name }) => name === 'call_tool');
  return calls.map((call) => {
    const { server, tool } = /** @type {{server?: string, tool?: string}} */ (call.arguments);
    return `${server}.${tool}`;
  });
}

/** Why it is no success: how it ended, and the criteria that it does not meet. @param {Trajectory} trajectory */
function reasonsOf({ outcome, success, verdicts, turns }) {
  const ending =
    outcome.kind === 'truncated'
      ? [`cut off: ${outcome.cause}`]
      : outcome.kind === 'failed'
        ? [`void: ${outcome.culprit}`]
        : [];
  const calls = turns.flatMap((turn) => turn.calls);
  return [
    ...ending,
    ...(success?.verified && !success.properFinish ? ['solved, not finished'] : []),
    ...(turns.some(({ lost }) => lost) ? ['a reply without a call'] : []),
    ...(calls.some(({ event }) => event.kind === 'refused') ? ['a refused call'] : []),
    ...(calls.some(({ observation }) => observation.isError) ? ['an error of a tool'] : []),
    ...verdicts.flatMap((verdict) =>
      verdict.state === 'scored' && verdict.score < 0.5 ? [`not met: ${verdict.criterion}`] : [],
    ),
  ];
}

const outcomes = { '✓': 'solved', '✗': 'not solved', '?': 'for a judge', void: 'void' };

/** An id of another form is its own family. @param {string} task */
const familyOf = (task) => task.split('/')[1] ?? task;

/**
 * What the lists choose by, and the values that a trajectory has.
 * @type {Record<string, (trajectory: Trajectory) => string[]>}
 */
const facets = {
  outcome: (trajectory) => [outcomes[markOf(trajectory)]],
  family: ({ key }) => [familyOf(key.task)],
  split: ({ key }) => [key.phase],
  tool: toolsOf,
  reason: reasonsOf,
  job: ({ key }) => [jobName(key.job)],
};
const names = Object.keys(facets);
/** Worked out once: each trajectory's values, by list. */
const valuesOf = new Map(
  trajectories.map((trajectory) => [
    trajectory,
    new Map(Object.entries(facets).map(([name, read]) => [name, new Set(read(trajectory))])),
  ]),
);

/** Those that all lists let through, but for the one named. @param {string} [without] */
const matching = (without) =>
  trajectories.filter((trajectory) =>
    names.every((name) => {
      const wanted = selectOf(name).value;
      return name === without || wanted === '' || valuesOf.get(trajectory)?.get(name)?.has(wanted);
    }),
  );

/** @param {HTMLSelectElement} select @param {readonly (readonly [value: string, label: string])[]} options @param {string} wanted */
function fill(select, options, wanted) {
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
  select.value = options.some(([value]) => value === wanted) ? wanted : (options[0]?.[0] ?? '');
}

/** An evaluated split goes before training and the points of its curve. @param {string} split */
const isFinal = (split) => split !== 'train' && !split.includes('@');

/** Offers in each list what the others leave, with how many. @param {string} [wanted] key of a trajectory */
function refresh(wanted = selectOf('episode').value) {
  for (const name of names) {
    const select = selectOf(name);
    /** @type {Map<string, number>} */
    const counts = new Map(select.value === '' ? [] : [[select.value, 0]]);
    for (const trajectory of matching(name))
      for (const value of valuesOf.get(trajectory)?.get(name) ?? []) counts.set(value, (counts.get(value) ?? 0) + 1);
    const values = [...counts].sort(([a], [b]) =>
      name === 'split' && isFinal(a) !== isFinal(b) ? Number(isFinal(b)) - Number(isFinal(a)) : a < b ? -1 : 1,
    );
    fill(
      select,
      [['', 'any'], ...values.map(([value, count]) => /** @type {const} */ ([value, `${value} (${count})`]))],
      select.value,
    );
  }
  const found = matching();
  const ordered = [...found.filter(({ key }) => isFinal(key.phase)), ...found.filter(({ key }) => !isFinal(key.phase))];
  fill(
    selectOf('episode'),
    ordered.map((trajectory) => /** @type {const} */ ([keyOf(trajectory), labelOf(trajectory)])),
    wanted,
  );
  choose();
}

/** @param {Trajectory} trajectory */
function labelOf(trajectory) {
  const { job, phase, task, repetition } = trajectory.key;
  const number = task.split('/').at(-1) ?? '';
  const again = repetition ? ` #${repetition}` : '';
  return `${markOf(trajectory)} ${familyOf(task)} ${number}${again} · ${jobName(job)} · ${phase}`;
}

/** Shows what the list of trajectories stands on. */
function choose() {
  const select = selectOf('episode');
  const index = trajectories.findIndex((trajectory) => keyOf(trajectory) === select.value);
  buttonOf('previous').disabled = select.selectedIndex <= 0;
  buttonOf('next').disabled = select.selectedIndex >= select.options.length - 1;
  element('picked').textContent =
    index < 0
      ? 'No trajectory in this page is of all that at once.'
      : `${select.selectedIndex + 1} of ${select.options.length}`;
  element('pick-address').setAttribute(
    'href',
    index < 0 ? '#trajectories' : address + encodeURIComponent(select.value),
  );
  element('trajectory').dispatchEvent(new CustomEvent('chosen', { detail: index }));
}

function showAll() {
  for (const name of names) selectOf(name).value = '';
}

/** Shows the trajectory that the page's address names, if it names one. */
function follow() {
  if (!location.hash.startsWith(address)) return;
  const wanted = decoded(location.hash.slice(address.length));
  showAll();
  refresh(wanted);
  if (selectOf('episode').value !== wanted) {
    element('picked').textContent = `The episode “${wanted}” is not in this page; see trajectories.jsonl.`;
    element('trajectory').dispatchEvent(new CustomEvent('chosen', { detail: -1 }));
  }
  element('trajectories').scrollIntoView();
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {1 | -1} places */
function step(places) {
  const select = selectOf('episode');
  const next = select.selectedIndex + places;
  if (next < 0 || next >= select.options.length) return;
  select.selectedIndex = next;
  choose();
}

if (trajectories.length > 0) {
  for (const name of names) selectOf(name).addEventListener('change', () => refresh());
  selectOf('episode').addEventListener('change', choose);
  buttonOf('previous').addEventListener('click', () => step(-1));
  buttonOf('next').addEventListener('click', () => step(1));
  buttonOf('all').addEventListener('click', () => {
    showAll();
    refresh();
  });
  addEventListener('hashchange', follow);
  refresh();
  follow();
}
