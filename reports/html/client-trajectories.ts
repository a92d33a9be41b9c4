/**
 * Browser script of the trajectory page. Everything a server, a model or a task said goes in by `textContent`, so no text can
 * become markup. Plain JavaScript, kept as text because it never runs in Node.
 */
export default String.raw`
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('report-data').textContent);
  var all = data.sample.trajectories;
  var root = document.getElementById('trajectory');
  if (!root || all.length === 0) return;
  var selects = { job: byId('pick-job'), phase: byId('pick-phase'), task: byId('pick-task') };
  var sources = [['system', 'c5'], ['schemas', 'c2'], ['results', 'c0'], ['history', 'c1'], ['output', 'c3']];
  var peak = Math.max.apply(null, all.flatMap(function (t) { return t.turns.map(function (u) { return u.tokens.prompt + u.tokens.output; }); }).concat([1]));

  function byId(id) { return document.getElementById(id); }
  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) {
      if (key === 'text') element.textContent = attributes[key];
      else element.setAttribute(key, attributes[key]);
    });
    (children || []).forEach(function (child) { if (child) element.append(child); });
    return element;
  }
  function unique(list) { return list.filter(function (item, index) { return list.indexOf(item) === index; }); }
  function mark(t) { return t.success === null ? 'void' : t.success.verified ? '✓' : '✗'; }
  function share(value) { return value === null || value === undefined ? 'not scored' : value.toFixed(2); }
  function schemaSum(tokens) { return Object.values(tokens.schemas).reduce(function (sum, one) { return sum + one; }, 0); }
  function fold(title, child) { return make('details', {}, [make('summary', { text: title }), child]); }
  function tag(text, kind) { return make('li', { text: text, class: kind || '' }); }
  function fill(select, values, labels, wanted) {
    select.replaceChildren.apply(select, values.map(function (value, index) { return make('option', { value: value, text: labels[index] }); }));
    select.value = values.indexOf(wanted) >= 0 ? wanted : values[0];
  }
  function ofJob() { return all.filter(function (t) { return t.key.job === selects.job.value; }); }
  function candidates() { return ofJob().filter(function (t) { return t.key.phase === selects.phase.value; }); }
  function idOf(t) { return t.key.task + ' ' + t.key.repetition; }

  function fillPhases(wanted, task) {
    var phases = unique(ofJob().map(function (t) { return t.key.phase; }));
    var finals = phases.filter(function (p) { return p !== 'train' && p.indexOf('@') < 0; });
    var ordered = finals.concat(phases.filter(function (p) { return finals.indexOf(p) < 0; }));
    fill(selects.phase, ordered, ordered, wanted);
    fillTasks(task);
  }
  function fillTasks(wanted) {
    var list = candidates();
    fill(selects.task, list.map(idOf), list.map(function (t) {
      return mark(t) + ' ' + t.key.task.split('/').slice(1).join('/') + (t.key.repetition ? ' #' + t.key.repetition : '');
    }), wanted);
    show();
  }

  function tokensOf(tokens) {
    var values = { system: tokens.system, schemas: schemaSum(tokens), results: tokens.results, history: tokens.history, output: tokens.output };
    var bar = make('div', { class: 'bar', role: 'img', 'aria-label': 'tokens by source' });
    var legend = make('div', { class: 'legend' });
    sources.forEach(function (source) {
      var part = make('i');
      part.style.width = (100 * values[source[0]]) / peak + '%';
      part.style.background = 'var(--' + source[1] + ')';
      bar.append(part);
      var swatch = make('i');
      swatch.style.background = 'var(--' + source[1] + ')';
      var servers = Object.keys(tokens.schemas).filter(function (s) { return tokens.schemas[s] > 0; });
      var perServer = source[0] === 'schemas' && servers.length > 0 ? ' (' + servers.map(function (s) { return s + ' ' + tokens.schemas[s]; }).join(', ') + ')' : '';
      legend.append(make('span', {}, [swatch, document.createTextNode(source[0] + ' ' + values[source[0]] + perServer)]));
    });
    legend.append(make('span', { text: 'prompt ' + tokens.prompt }));
    return make('div', {}, [bar, legend]);
  }
  function pretty(value) {
    var flat = JSON.stringify(value);
    return flat.length < 100 ? flat : JSON.stringify(value, null, 2);
  }
  function callText(action) {
    var inner = action.arguments;
    if (action.name === 'call_tool') return { title: 'call_tool ' + inner.server + ' · ' + inner.tool, body: inner.arguments };
    return { title: action.name + (inner.server ? ' ' + inner.server : ''), body: inner };
  }
  function turnOf(turn, index) {
    var call = callText(turn.action), seen = turn.observation;
    var facts = [turn.event.kind];
    if (turn.logProbability !== undefined) facts.push('log-probability ' + turn.logProbability.toFixed(3));
    if (seen.cutTokens > 0) facts.push(seen.cutTokens + ' tokens cut by the context budget');
    if (turn.usage) facts.push('provider counted ' + turn.usage.promptTokens + ' + ' + turn.usage.outputTokens + ' tokens');
    var result = make('pre', { text: seen.text === '' ? '(nothing)' : seen.text, class: 'result' });
    return make('li', {}, [
      make('h4', {}, [make('b', { text: index + 1 + '. ' + call.title }), make('span', { text: facts.join(' · '), class: turn.event.kind === 'refused' ? 'bad' : '' })]),
      make('pre', { text: pretty(call.body) }),
      turn.text ? fold('reply of the model', make('pre', { text: turn.text })) : null,
      make('div', { text: seen.isError ? 'answered with an error' : 'answered', class: seen.isError ? 'legend bad' : 'legend' }),
      seen.text.length > 1200 ? fold('result, ' + seen.text.length + ' characters', result) : result,
      tokensOf(turn.tokens),
    ]);
  }
  function verdictTable(t) {
    var rubric = (data.rubrics || {})[t.key.task.split('/')[1]] || [];
    var rows = t.verdicts.map(function (v) {
      var criterion = rubric.find(function (one) { return one.id === v.criterion; }) || {};
      var isScored = v.state === 'scored';
      return make('tr', {}, [
        make('th', { scope: 'row', text: v.criterion }), make('td', { text: criterion.category || '–' }),
        make('td', { class: 'number', text: criterion.weight === undefined ? '–' : String(criterion.weight) }),
        make('td', { class: 'number ' + (!isScored ? '' : v.score >= 0.5 ? 'good' : 'bad'), text: isScored ? v.score.toFixed(2) : 'unscored' }),
        make('td', { class: 'wide', text: isScored ? criterion.description || '' : v.reason }),
      ]);
    });
    var head = make('tr', {}, ['Criterion', 'Category', 'Weight', 'Score', 'What it asks, or why it was not scored'].map(function (text, i) {
      return make('th', { scope: 'col', text: text, class: i === 2 || i === 3 ? 'number' : '' });
    }));
    return make('div', { class: 'scroll' }, [make('table', { id: 'verdicts' }, [make('thead', {}, [head]), make('tbody', {}, rows)])]);
  }
  function endingOf(outcome) {
    if (outcome.kind === 'terminated') return 'ended by finish';
    if (outcome.kind === 'truncated') return { turns: 'cut off: turn limit', context: 'cut off: context full', left: 'left without finish' }[outcome.cause];
    return 'void: ' + outcome.culprit + ', ' + outcome.message;
  }
  function show() {
    var list = candidates();
    var index = list.findIndex(function (t) { return idOf(t) === selects.task.value; });
    var t = list[index];
    if (!t) return;
    byId('pick-previous').disabled = index === 0;
    byId('pick-next').disabled = index === list.length - 1;
    var s = t.success;
    var tags = make('ul', { class: 'tags' }, [
      s === null ? tag('void episode', 'bad') : tag(s.verified ? 'verified' : 'not verified', s.verified ? 'good' : 'bad'),
      s === null ? null : tag(s.properFinish ? 'proper finish' : 'no proper finish', s.properFinish ? 'good' : 'bad'),
      tag(endingOf(t.outcome)), tag('policy ' + t.policy + ', version ' + t.policyVersion), tag('view ' + t.view),
    ].concat(Object.keys(t.rewards).map(function (name) { return tag(name + ' ' + share(t.rewards[name])); })));
    root.replaceChildren(
      tags,
      make('h3', { text: 'Prompt' }), make('pre', { text: t.prompt, id: 'trajectory-prompt' }),
      fold('system prompt', make('pre', { text: data.sample.texts[t.system] })),
      make('h3', { text: 'Turns' }), make('ol', { class: 'turns' }, t.turns.map(turnOf)),
      t.outcome.kind === 'terminated' ? make('p', { text: 'Answer: ' + (t.outcome.answer || '(none)') }) : document.createTextNode(''),
      make('h3', { text: 'Verdicts' }), t.verdicts.length ? verdictTable(t) : make('p', { text: 'None.' }),
      fold('end state, as facts', make('pre', { text: JSON.stringify(t.evidence, null, 2) }))
    );
  }
  function step(by) {
    var next = selects.task.selectedIndex + by;
    if (next < 0 || next >= selects.task.options.length) return;
    selects.task.selectedIndex = next;
    show();
  }
  var jobs = unique(all.map(function (t) { return t.key.job; }));
  selects.job.addEventListener('change', function () { fillPhases(selects.phase.value, selects.task.value); });
  selects.phase.addEventListener('change', function () { fillTasks(selects.task.value); });
  selects.task.addEventListener('change', show);
  byId('pick-previous').addEventListener('click', function () { step(-1); });
  byId('pick-next').addEventListener('click', function () { step(1); });
  fill(selects.job, jobs, jobs, jobs[0]);
  fillPhases();
})();
`;
