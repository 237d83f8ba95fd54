// The live page: sends what is done to the controls, and draws the states that come, ten a second.
'use strict';

const KEPT = 600; // states, which are a minute
const HEIGHT = 160;
const PATIENCE = 5000; // milliseconds without a state, after which the page says so

const element = id => document.getElementById(id);
const states = []; // the newest last; each with its time in seconds
let plots = [];

// ---- controls

// One after the other, so that what is moved last is what counts.
let sending = Promise.resolve();

function send(line) {
  sending = sending.then(async () => {
    try {
      const answer = await fetch('control', { method: 'POST', body: line });
      element('said').textContent = answer.ok ? '' : await answer.text();
    } catch {
      element('said').textContent = 'The workload could not be reached, so nothing was changed.';
    }
  });
}

const CONTROLS = ['model', 'workload', 'processors', 'tasks', 'cpu', 'lock', 'recording'];
const valueOf = control => control.type === 'checkbox' ? (control.checked ? 'on' : 'off') : control.value;

function set(control, value) {
  if (control.type === 'checkbox') control.checked = value === 'on'; else control.value = value;
  show(control);
}

// Moves controls as a user does: apply({ model: 'GREEN', processors: 1 }).
function apply(settings) {
  for (const [id, value] of Object.entries(settings)) {
    set(element(id), value);
    send(`${id} ${value}`);
  }
}

for (const id of CONTROLS) {
  const control = element(id);
  control.addEventListener('input', () => {
    if (control.checkValidity() && control.value !== '') apply({ [id]: valueOf(control) }); else show(control);
  });
}
for (const id of ['hog', 'block', 'kill', 'compare']) element(id).addEventListener('click', () => send(id));
element('controls').addEventListener('submit', event => event.preventDefault()); // Enter in a field

function show(control) {
  const output = document.querySelector(`output[for=${control.id}]`);
  if (output) output.textContent = control.value + (control.id === 'cpu' ? ' %' : '');
}

// A control shows what the workload says, unless somebody is just at it.
function follow(id, value) {
  const control = element(id);
  if (control !== document.activeElement) set(control, value);
}

// ---- plots

const axis = () => ({ stroke: css('soft'), font: '12px system-ui, sans-serif', grid: { stroke: css('line'), width: 1 }, ticks: { show: false } });

// lines: [{ label, colour, dash, of(state) }]
function plot(id, lines, text, range) {
  const place = element(id);
  const drawn = new uPlot({
    width: place.clientWidth, height: HEIGHT, cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: range ?? ((u, least, most) => [0, most > 0 ? most * 1.1 : 1]) } },
    axes: [{ ...axis(), size: 28, values: (u, splits) => splits.map(s => s + ' s') }, { ...axis(), size: 72, values: (u, splits) => splits.map(text) }],
    series: [{ label: 'time', value: (u, v) => v == null ? '' : v.toFixed(1) + ' s' }, ...lines.map(line => ({
      label: line.label, stroke: line.colour, width: 2, dash: line.dash, points: { show: false }, value: (u, v) => v == null ? '' : text(v)
    }))]
  }, [[], ...lines.map(() => [])], place);
  return { drawn, place, update: () => drawn.setData([states.map(s => s.seconds), ...lines.map(line => states.map(line.of))]) };
}

function drawAll() {
  plots.forEach(each => each.drawn.destroy());
  const newest = states[states.length - 1];
  const colours = ['GREEN', 'THREAD', 'PROCESS', 'FIBER'];
  const dashes = [[], [8, 4], [2, 4], [10, 4, 2, 4]]; // tells lines apart without colour
  plots = [
    plot('throughput', [{ label: 'rounds/s', colour: css(newest.model), of: s => s.throughput }], v => v.toLocaleString('en')),
    plot('latency', [
      { label: 'p50', colour: css('THREAD'), of: s => s.p50Nanos }, { label: 'p99', colour: css('PROCESS'), dash: [8, 4], of: s => s.p99Nanos }
    ], v => v === 0 ? '0' : time(v)),
    plot('cpus', newest.cpus.map((_, i) => ({
      label: 'CPU ' + i, colour: css(colours[i % 4]), dash: dashes[i % 4], of: s => s.cpus[i] ?? null
    })), v => v + ' %', [0, 100])
  ];
}

const drawAgain = () => { if (states.length > 0) drawAll(); };
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
drawForPaper(drawAgain);
addEventListener('resize', () => plots.forEach(each => each.drawn.setSize({ width: each.place.clientWidth, height: HEIGHT })));

// ---- states

let begun = null;
let heard = performance.now();

function take(state) {
  heard = performance.now();
  begun ??= heard;
  const before = states[states.length - 1];
  states.push({ ...state, seconds: (heard - begun) / 1000 });
  if (states.length > KEPT) states.shift();
  if (!before || before.model !== state.model || before.cpus.length !== state.cpus.length) drawAll();
  plots.forEach(each => each.update());

  element('processors').max = Math.max(2, state.cpus.length, state.stats.processors);
  follow('model', state.model);
  follow('workload', state.workload);
  follow('processors', state.stats.processors);
  follow('tasks', state.tasksAsked);
  follow('cpu', state.cpu);
  follow('lock', state.lockMillis);
  follow('recording', state.recording);
  element('unrecorded').hidden = state.recording === 'on';
  element('timeline').hidden = state.recording !== 'on';
  element('kill').disabled = state.model !== 'PROCESS';
  if (state.compared && JSON.stringify(state.compared) !== JSON.stringify(before?.compared)) showModels(state.compared);
  if (state.said) element('said').textContent = state.said;
  element('stats').replaceChildren(...Object.entries({ tasks: state.tasks, ...state.figures, ...state.stats }).map(([name, value]) => {
    const row = document.createElement('tr');
    const head = row.appendChild(document.createElement('th'));
    head.scope = 'row';
    head.textContent = name.replace(/[A-Z]/g, letter => ' ' + letter.toLowerCase()).replace(' nanos', '');
    row.appendChild(document.createElement('td')).textContent = name.endsWith('Nanos') ? time(value) : value.toLocaleString('en');
    return row;
  }));
  connection(`${state.model}: process ${state.pid} does ${state.throughput.toLocaleString('en')} rounds a second.`, false);
}

// A screen reader need not hear it ten times a second: it is said when it changes in kind.
function connection(sentence, lost) {
  const place = element('connection');
  place.setAttribute('aria-live', lost || place.classList.contains('lost') ? 'polite' : 'off');
  place.classList.toggle('lost', lost);
  place.textContent = sentence;
}

// ---- the four models

const mebibytes = bytes => Math.round(bytes / 1048576).toLocaleString('en') + ' MiB';
const count = n => n.toLocaleString('en');
const MEASURES = [
  ['rounds per second', row => row.throughput, count], ['time of a round, p50', row => row.p50Nanos, time],
  ['p99', row => row.p99Nanos, time], ['CPUs busy', row => row.cpusBusy, n => n.toFixed(2)],
  ['OS threads', row => row.osThreads, count], ['memory', row => row.rssBytes, mebibytes]
];

// A column for each model that has been measured, and in each row bars that compare them.
function showModels(compared) {
  const { running, rows } = compared;
  const table = element('models');
  element('compare').textContent = running ? 'Stop' : 'All four models';
  if (running) element('comparing').textContent = `${running} is measured, ${rows.length + 1} of 4.`;
  else if (table.dataset.running) element('comparing').textContent = rows.length === 4 ? 'All four were measured.' : 'It was ended before all four were measured.';
  table.dataset.running = running;
  table.dataset.rows = rows.length;
  table.hidden = rows.length === 0;
  const cell = (tag, text, scope) => Object.assign(document.createElement(tag), { textContent: text }, scope ? { scope } : {});
  const figures = [...new Set(rows.flatMap(row => Object.keys(row.figures)))];
  const line = ([name, of, text]) => {
    const tr = document.createElement('tr');
    const most = Math.max(...rows.map(row => of(row) ?? 0));
    tr.append(cell('th', name, 'row'), ...rows.map(row => {
      const td = cell('td', of(row) === undefined ? '' : text(of(row)));
      const bar = td.appendChild(document.createElement('i'));
      bar.style.width = most > 0 ? `${(of(row) ?? 0) / most * 100}%` : '0';
      bar.style.background = css(row.model);
      return td;
    }));
    return tr;
  };
  const head = document.createElement('tr');
  head.append(cell('td', ''), ...rows.map(row => cell('th', row.model, 'col')));
  table.replaceChildren(head, ...MEASURES.map(line), ...figures.map(name => line([name, row => row.figures[name], count])));
}

// ---- the stream

function listen() {
  const events = new EventSource('events');
  events.onmessage = event => {
    const { timeline, ...state } = JSON.parse(event.data);
    take(state);
    if (timeline && !document.hidden) element('timeline').contentWindow.feed?.(timeline);
  };
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) {
      connection('This run has ended. Start ./heddle live again, and open the address that it prints.', true);
    } else {
      connection('The run has stopped, or cannot be reached. If it comes back, this page goes on by itself.', true);
    }
  };
  setInterval(() => {
    if (events.readyState === EventSource.OPEN && states.length > 0 && performance.now() - heard > PATIENCE) {
      connection('Nothing has come for some seconds: a heddle is being opened, or the workload stands still.', true);
    }
  }, 1000);
}

listen();
