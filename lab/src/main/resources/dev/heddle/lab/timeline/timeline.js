// The timeline of a recording: lanes and tasks over time, on one canvas.
//
// load() makes a model of the bytes that Java has packed (TimelineData.java); draw() makes a picture of a model and a view, and keeps
// nothing in between, so whatever changes either of them calls later(), which draws before the next frame. A page that shows what
// is happening now has this one in a frame, and calls feed() with each new picture.
//
// Rows are coloured pixel by pixel into one image rather than by many rectangles, so a frame costs the same whatever is in it. What a
// pixel is divided into comes from the row's spans, or where these are too many from its levels: sums per bin of time.

const S = { NONE: 0, RUNNING: 1, HANDED_OFF: 2, RUNNABLE: 3, GLOBAL_LOCK: 4 }; // as State.java has them
const HATCHED = [S.HANDED_OFF, S.GLOBAL_LOCK];
const SPAWN = 0, WAKE = 1;
const ALL = -1, NOBODY = -1;

const AXIS = 26, LANE = 26, TASK = 17, GROUP = 24, TITLE = 24; // heights in CSS pixels
const EDGE = 4; // a span of more pixels than this begins with a darker one
const MOST_ARROWS = 250, MOST_OWN_ARROWS = 1500, MOST_MARKS = 150, STORY_LINES = 150, CLICK = 4;

// ---- the model ----

async function inflate(base64) {
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(base64) : Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function load(bytes) {
  let at = 0;
  const number = () => {
    let b = bytes[at++];
    if (b < 128) return b;
    let value = b & 127, unit = 128;
    do { b = bytes[at++]; value += (b & 127) * unit; unit *= 128; } while (b > 127);
    return value;
  };
  const signed = () => { const n = number(); return n % 2 ? -(n + 1) / 2 : n / 2; };
  const length = number();
  const model = JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + length)));
  at += length;

  const n = model.tasks, lanes = model.lanes.length;
  model.laneCount = lanes;
  model.name = new Int32Array(n);
  model.number = new Float64Array(n);
  model.parent = new Int32Array(n);
  model.outcome = new Uint8Array(n);
  model.startSeen = new Uint8Array(n);
  model.switches = new Float64Array(n);
  model.startedAt = new Int32Array(n).fill(NOBODY);
  model.waitedAt = new Int32Array(n).fill(NOBODY);
  for (let t = 0; t < n; t++) {
    model.name[t] = number();
    model.number[t] = signed();
    model.parent[t] = number() - 1;
    model.outcome[t] = number();
    model.startSeen[t] = number();
    model.switches[t] = number();
    if (model.stacks.length) {
      model.startedAt[t] = number() - 1;
      model.waitedAt[t] = number() - 1;
    }
  }

  // Spans of all rows, one after the other: those of row r are first[r] to first[r + 1] - 1, of which the last only says when the
  // one before it ends.
  const first = model.first = new Int32Array(lanes + n + 1);
  let capacity = 1 << 16, size = 0;
  let from = new Float64Array(capacity), state = new Uint8Array(capacity), other = new Int32Array(capacity);
  const reserve = more => {
    if (size + more <= capacity) return;
    capacity = Math.max(capacity * 2, size + more);
    const grown = (old, Type) => { const all = new Type(capacity); all.set(old); return all; };
    from = grown(from, Float64Array);
    state = grown(state, Uint8Array);
    other = grown(other, Int32Array);
  };
  for (let row = 0; row < lanes + n; row++) {
    first[row] = size;
    const count = number();
    reserve(count + 1);
    let now = count ? number() : 0;
    for (let i = 0; i < count; i++) {
      state[size + i] = bytes[at++];
      other[size + i] = number() - 1;
    }
    for (let i = 0; i < count; i++) {
      from[size + i] = now;
      now += number();
    }
    size += count;
    from[size] = now;
    state[size] = S.NONE;
    other[size++] = NOBODY;
  }
  first[lanes + n] = size;
  Object.assign(model, { from, state, other });

  for (const group of model.groups) {
    group.tasks = new Int32Array(group.size);
    for (let i = 0, t = 0; i < group.size; i++) group.tasks[i] = t += signed();
  }

  const a = model.arrows;
  model.arrow = {
    count: a, kind: new Uint8Array(a), from: new Int32Array(a), sent: new Float64Array(a), to: new Int32Array(a), arrived: new Float64Array(a)
  };
  for (let i = 0, now = 0; i < a; i++) {
    const arrow = model.arrow;
    arrow.kind[i] = bytes[at++];
    arrow.from[i] = number() - 1;
    arrow.sent[i] = now += number();
    arrow.to[i] = number();
    arrow.arrived[i] = now + signed();
  }

  model.mark = [];
  for (let i = 0, now = 0; i < model.marked; i++) {
    const kind = bytes[at++], lane = number() - 1;
    now += number();
    model.mark.push({ kind, lane, nanos: now, detail: signed() });
  }

  // levels.get(row): from the finest to the coarsest { shift, bins, shares: of state s in bin b at b * states + s, in 255ths }
  const states = model.states.length;
  model.levels = new Map();
  for (const row of model.leveled) {
    const count = number(), shift = number();
    const levels = [];
    levels.most = number() / 1000;
    for (let l = 0; l < count; l++) {
      const bins = number();
      const shares = new Uint8Array(bins * states);
      for (let b = 0; b < bins; b++) {
        for (let bits = number(), s = 0; bits; bits >>= 1, s++) {
          if (bits & 1) shares[b * states + s] = bytes[at++];
        }
      }
      levels.push({ shift: shift + l, bins, shares });
    }
    model.levels.set(row, levels);
  }
  return model;
}

const label = t => {
  const name = model.names[model.name[t]], n = model.number[t];
  return name.endsWith(' ' + Math.abs(n)) ? name : `${name} #${n}`;
};
const taskRow = t => model.laneCount + t;
const spanCount = row => model.first[row + 1] - model.first[row] - 1;

// The index of the row's span during which it is `nanos`, or NOBODY.
function spanAt(row, nanos) {
  let low = model.first[row], high = model.first[row + 1] - 1;
  if (low >= high || nanos < model.from[low] || nanos >= model.from[high]) return NOBODY;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (model.from[middle] <= nanos) low = middle; else high = middle;
  }
  return low;
}

// The first index at which the ascending numbers are not less.
function lowerBound(numbers, value, low, high) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// The arrows of a task, or those that arrive at it; a pass over all of them, for one task at a time.
const arrowsOf = { task: NOBODY, touching: [], arriving: [] };
function ownArrows(task) {
  if (arrowsOf.task !== task) {
    const { count, from, to } = model.arrow;
    Object.assign(arrowsOf, { task, touching: [], arriving: [] });
    for (let i = 0; i < count; i++) {
      if (to[i] === task) arrowsOf.arriving.push(i);
      if (to[i] === task || from[i] === task) arrowsOf.touching.push(i);
    }
  }
  return arrowsOf;
}

// ---- the view ----

const $ = id => document.getElementById(id);
const canvas = $('rows'), map = $('map'), card = $('card');
const ctx = canvas.getContext('2d', { alpha: false });

let model;
const view = {
  from: 0, to: 1, // nanoseconds shown
  top: 0, // pixels scrolled
  row: 0, // index in rows of the chosen one
  at: null, // the time chosen
  task: NOBODY, // whose card was opened last
  arrows: true,
  open: new Set() // groups unfolded
};
let rows = []; // { kind: 'title' | 'lane' | 'task' | 'group', id, y, h, text }
let rowOfTask; // index in rows, or NOBODY if it is folded away
let gutter = 190, width = 0, height = 0, scale = 1; // CSS pixels; device pixels in each

function layOut() {
  rows = [];
  let y = 0;
  const add = (kind, id, h, text) => { rows.push({ kind, id, y, h, text }); y += h; };
  rowOfTask = new Int32Array(model.tasks).fill(NOBODY);
  const addTask = t => { rowOfTask[t] = rows.length; add('task', t, TASK, label(t)); };
  add('title', 0, TITLE, { PROCESS: 'Workers', THREAD: 'Threads', FIBER: 'Thread' }[model.model] ?? 'Carriers');
  model.lanes.forEach((name, i) => add('lane', i, LANE, name));
  add('title', 1, TITLE, 'Tasks');
  if (model.groups.length) {
    model.groups.forEach((group, g) => {
      add('group', g, GROUP, group.name);
      if (view.open.has(g)) group.tasks.forEach(addTask);
    });
  } else {
    for (let t = 0; t < model.tasks; t++) addTask(t);
  }
  rows.height = y;
  $('stage').style.maxHeight = `${Math.max(320, AXIS + y + 10)}px`;
  view.row = Math.min(view.row, rows.length - 1);
}

const x = nanos => gutter + (nanos - view.from) / (view.to - view.from) * (width - gutter);
const nanosAt = px => view.from + (px - gutter) / (width - gutter) * (view.to - view.from);
const rowAt = py => rows.findIndex(r => py - AXIS + view.top >= r.y && py - AXIS + view.top < r.y + r.h);
const middle = r => AXIS + r.y - view.top + r.h / 2;
const isOnScreen = r => r.y + r.h > view.top && r.y < view.top + height - AXIS;

function look(from, to) {
  const margin = model.end * 0.02, shortest = Math.min(200, model.end);
  let span = Math.min(Math.max(to - from, shortest), model.end + 2 * margin);
  const middle = (from + to) / 2;
  from = Math.min(Math.max(middle - span / 2, -margin), model.end + margin - span);
  view.from = from;
  view.to = from + span;
  later();
}

const pan = share => look(view.from + share * (view.to - view.from), view.to + share * (view.to - view.from));

function zoom(factor, around = view.at) {
  const centre = around !== null && around >= view.from && around <= view.to ? around : (view.from + view.to) / 2;
  look(centre - (centre - view.from) * factor, centre + (view.to - centre) * factor);
}

function scroll(to) {
  view.top = Math.max(0, Math.min(to, rows.height - (height - AXIS)));
  later();
}

function reveal(r) {
  const space = height - AXIS;
  if (r.y < view.top) scroll(r.y - 4);
  else if (r.y + r.h > view.top + space) scroll(r.y + r.h - space + 4);
}

// ---- drawing ----

let palette;
function colours() {
  const probe = document.createElement('canvas').getContext('2d');
  const pixel = name => { // as it lies in memory: red first
    probe.fillStyle = css(name);
    const n = parseInt(probe.fillStyle.slice(1), 16);
    return (0xff000000 | (n & 255) << 16 | n & 0xff00 | n >> 16) >>> 0;
  };
  const darker = p => (0xff000000 | (p >> 16 & 255) * 0.6 << 16 | (p >> 8 & 255) * 0.6 << 8 | (p & 255) * 0.6) >>> 0;
  const names = model.states.map(state => state.name);
  palette = {
    fill: names.map((name, s) => s === S.NONE ? 0 : pixel(name)),
    second: names.map((name, s) => HATCHED.includes(s) ? pixel(name + '-2') : 0),
    card: pixel('card'), lane: pixel('lane'),
    css: Object.fromEntries(['ink', 'soft', 'line', 'card', 'paper', 'focus', 'SPAWN', 'WAKE', 'SEND', 'RUNNING', 'lane']
      .map(name => [name, css(name)]))
  };
  palette.edge = palette.fill.map(darker);
}

// A row's columns of pixels: pure[c] is 1 + the state that fills column c (0: none does), else mix has shares of states.
let columns = 0, pure, mix, tiny, lines;
const PERIOD = 8; // of the hatching

function reserveColumns(w) {
  if (columns === w) return;
  columns = w;
  pure = new Uint8Array(w);
  mix = new Float32Array(w * model.states.length);
  tiny = new Uint8Array(w); // whether there is a state in the column that lasts less than it
  lines = Array.from({ length: PERIOD }, () => new Uint32Array(w));
}

function fillColumns(id, from, to, w) {
  const states = model.states.length;
  pure.fill(0);
  mix.fill(0);
  tiny.fill(0);
  const perNano = w / (to - from);
  const levels = model.levels.get(id);
  const hasSpans = id !== ALL && id < model.laneCount + model.tasks;
  let level = levels?.findLast(l => 2 ** l.shift * perNano <= 1);
  if (!level && !hasSpans) level = levels[0];
  if (level) {
    const bin = 2 ** level.shift;
    const begin = Math.max(0, Math.floor(from / bin)), end = Math.min(level.bins, Math.ceil(to / bin));
    for (let b = begin; b < end; b++) {
      const left = Math.max(0, (b * bin - from) * perNano), right = Math.min(w, ((b + 1) * bin - from) * perNano);
      for (let c = Math.floor(left); c < right; c++) {
        const part = (Math.min(right, c + 1) - Math.max(left, c)) / 255;
        for (let s = 1, i = b * states + 1; s < states; s++, i++) {
          if (level.shares[i]) mix[c * states + s] += part * level.shares[i];
        }
      }
    }
    return;
  }
  let i = spanAt(id, from);
  if (i === NOBODY) i = model.first[id];
  const last = model.first[id + 1] - 1;
  for (; i < last && model.from[i] < to; i++) {
    const s = model.state[i];
    if (s === S.NONE) continue;
    const left = Math.max(0, (model.from[i] - from) * perNano), right = Math.min(w, (model.from[i + 1] - from) * perNano);
    if (right <= 0) continue;
    let c = Math.floor(left);
    const end = Math.floor(right);
    if (c === end) {
      mix[c * states + s] += right - left;
      if (left > 0 && right < w) tiny[c] = 1;
      continue;
    }
    if (left > c) mix[c * states + s] += c + 1 - left, c++;
    if (c < end) {
      pure.fill(s + 1, c, end);
      if (end - c > EDGE * scale && left > 0) pure[c] = s + 1 + states;
    }
    if (end < w) mix[end * states + s] += right - end;
  }
  // A column in which one long state only gives way to another belongs to the one that has more of it.
  for (let c = 0; c < w; c++) {
    if (pure[c] || tiny[c]) continue;
    let most = 0, largest = 1;
    for (let s = 1, i = c * states + 1; s < states; s++, i++) largest -= mix[i];
    for (let s = 1, i = c * states + 1; s < states; s++, i++) {
      if (mix[i] > largest) largest = mix[i], most = s;
      mix[i] = 0;
    }
    if (most) pure[c] = most + 1;
  }
}

// Colours the filled columns into the pixels from row `top` of the image, `h` high.
function paint(pixels, w, imageHeight, top, h) {
  const states = model.states.length;
  const begin = Math.max(0, top), end = Math.min(imageHeight, top + h);
  const dense = Math.round(scale);
  const colour = (s, c, y) =>
    palette.second[s] && ((c + y) / dense | 0) % PERIOD < 3 ? palette.second[s] : palette.fill[s];
  // Lines of pure columns; the same for all y but where they are hatched.
  let hatched = false;
  const line = lines[0], background = pixels[begin * w];
  for (let c = 0; c < w; c++) {
    const p = pure[c];
    if (p === 0) line[c] = background;
    else if (p > states) line[c] = palette.edge[p - 1 - states];
    else if (palette.second[p - 1]) hatched = true;
    else line[c] = palette.fill[p - 1];
  }
  for (let y = begin; y < end; y++) {
    if (hatched) {
      for (let c = 0; c < w; c++) {
        const p = pure[c];
        if (p && p <= states && palette.second[p - 1]) line[c] = colour(p - 1, c, y);
      }
    }
    pixels.set(line, y * w);
  }
  for (let c = 0; c < w; c++) {
    if (pure[c]) continue;
    let sum = 0;
    for (let s = 1, i = c * states + 1; s < states; s++, i++) {
      if (mix[i] > 0) {
        const bottom = top + h - Math.round(Math.min(1, sum) * h);
        sum += mix[i];
        const until = Math.max(begin, top + h - Math.round(Math.min(1, sum) * h));
        for (let y = Math.min(end, bottom) - 1; y >= until; y--) pixels[y * w + c] = colour(s, c, y);
      }
    }
  }
}

let image;
function drawRows() {
  const w = Math.round((width - gutter) * scale), h = Math.round((height - AXIS) * scale);
  if (!image || image.width !== w || image.height !== h) image = new ImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(palette.card);
  reserveColumns(w);
  for (const r of rows) {
    if (r.kind === 'title' || !isOnScreen(r)) continue;
    const gap = r.kind === 'task' ? 2 : 3;
    const top = Math.round((r.y - view.top + gap) * scale), high = Math.round((r.h - 2 * gap) * scale);
    if (r.kind === 'lane') {
      pixels.fill(palette.lane, Math.max(0, top) * w, Math.max(0, Math.min(h, top + high)) * w);
    }
    const id = r.kind === 'lane' ? r.id : r.kind === 'task' ? taskRow(r.id) : taskRow(model.tasks) + r.id;
    fillColumns(id, view.from, view.to, w);
    paint(pixels, w, h, top, high);
  }
  ctx.putImageData(image, Math.round(gutter * scale), Math.round(AXIS * scale));
}

const ticks = (from, to, most) => {
  const raw = (to - from) / most, unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(m => m * unit).find(s => s >= raw);
  const all = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) all.push(Math.abs(t) < step / 2 ? 0 : t);
  return { step, all };
};

// A time with as many digits as tell it from its neighbours.
function exact(nanos, step) {
  const [unit, name] = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']].find(([u]) => Math.abs(nanos) >= u || u === 1);
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / unit) - 1e-9)));
  return (nanos / unit).toFixed(digits) + ' ' + name;
}

function drawAxis() {
  ctx.fillStyle = palette.css.card;
  ctx.fillRect(0, 0, width, AXIS);
  ctx.strokeStyle = palette.css.line;
  ctx.fillStyle = palette.css.soft;
  ctx.textAlign = 'left';
  ctx.lineWidth = 1;
  const { step, all } = ticks(view.from, view.to, Math.max(3, (width - gutter) / 110));
  ctx.beginPath();
  for (const t of all) {
    const px = Math.round(x(t)) + 0.5;
    if (t < 0 || px < gutter) continue;
    ctx.moveTo(px, 8);
    ctx.lineTo(px, AXIS);
    ctx.fillText(exact(t, step), px + 4, AXIS / 2);
  }
  ctx.moveTo(0, AXIS - 0.5);
  ctx.lineTo(width, AXIS - 0.5);
  ctx.stroke();
}

// As much of a text as there is space for: its end, where the number is, and of its beginning what fits.
function fitted(text, space) {
  if (ctx.measureText(text).width <= space) return text;
  const end = text.slice(-6);
  let low = 0, high = text.length - end.length;
  while (low < high) {
    const half = (low + high + 1) >> 1;
    if (ctx.measureText(text.slice(0, half) + '…' + end).width <= space) low = half; else high = half - 1;
  }
  return low ? text.slice(0, low) + '…' + end : '';
}

function drawLabels() {
  ctx.fillStyle = palette.css.card;
  ctx.fillRect(0, AXIS, gutter, height - AXIS);
  ctx.textAlign = 'left';
  rows.forEach((r, i) => {
    if (!isOnScreen(r)) return;
    const y = middle(r);
    if (r.kind === 'title') {
      ctx.fillStyle = palette.css.soft;
      ctx.font = '600 11px system-ui, sans-serif';
      ctx.fillText(r.text.toUpperCase(), 10, y + 2);
      return;
    }
    if (i === view.row) {
      ctx.fillStyle = palette.css.lane;
      ctx.fillRect(0, y - r.h / 2, gutter - 3, r.h);
      ctx.fillStyle = palette.css.focus;
      ctx.fillRect(0, y - r.h / 2, 3, r.h);
    }
    const chosen = r.kind === 'task' && r.id === view.task;
    ctx.fillStyle = chosen ? palette.css.focus : palette.css.ink;
    ctx.font = `${chosen ? 600 : 400} ${r.kind === 'task' ? 11.5 : 12.5}px system-ui, sans-serif`;
    const mark = r.kind === 'group' ? (view.open.has(r.id) ? '▾ ' : '▸ ') : '';
    const indent = r.kind === 'task' && model.groups.length ? 24 : 10;
    ctx.fillText(fitted(mark + r.text, gutter - indent - 8), indent, y + 0.5);
  });
}

// On lanes, which task a stay is of, where there is room; and a line along the stays of the chosen one.
function drawStays() {
  ctx.font = '600 11px system-ui, sans-serif';
  for (const r of rows) {
    if (r.kind !== 'lane' || !isOnScreen(r)) continue;
    const begin = spanAt(r.id, view.from), last = model.first[r.id + 1] - 1;
    const from = begin === NOBODY ? model.first[r.id] : begin;
    const upTo = lowerBound(model.from, view.to, from, last);
    if (upTo - from > 20000) continue; // no stay has room
    for (let i = from; i < upTo; i++) {
      const task = model.other[i];
      if (task === NOBODY) continue;
      const left = Math.max(gutter, x(model.from[i])), right = Math.min(width, x(model.from[i + 1]));
      if (task === view.task) {
        ctx.fillStyle = palette.css.focus;
        ctx.fillRect(left, middle(r) + r.h / 2 - 3, Math.max(1, right - left), 3);
      }
      if (right - left < 26 || model.state[i] !== S.RUNNING) continue;
      ctx.fillStyle = palette.css.card;
      const name = label(task), whole = ctx.measureText(name).width <= right - left - 10;
      const short = `#${model.number[task]}`;
      if (whole || ctx.measureText(short).width <= right - left - 10) ctx.fillText(whole ? name : short, left + 6, middle(r) + 0.5);
    }
  }
  // What happened to lanes: a small triangle.
  const seen = model.mark.filter(mark => mark.lane !== NOBODY && mark.nanos >= view.from && mark.nanos <= view.to);
  if (seen.length > MOST_MARKS) return;
  ctx.fillStyle = palette.css.ink;
  for (const mark of seen) {
    const px = x(mark.nanos), y = AXIS + rows[1 + mark.lane].y - view.top + 1;
    ctx.beginPath();
    ctx.moveTo(px - 3.5, y);
    ctx.lineTo(px + 3.5, y);
    ctx.lineTo(px, y + 5);
    ctx.fill();
  }
}

// Where an arrow begins or ends: in the task's row, or if that is folded away on the lane that the task has then, or has next.
function place(task, nanos, next) {
  const own = rowOfTask[task];
  if (own !== NOBODY) return { x: x(nanos), y: middle(rows[own]), r: rows[own] };
  let i = spanAt(taskRow(task), nanos);
  if (i === NOBODY) return null;
  if (next) while (i < model.first[taskRow(task) + 1] && model.state[i] !== S.RUNNING) i++;
  const lane = model.other[i];
  if (lane === NOBODY || i >= model.first[taskRow(task) + 1]) return null;
  return { x: x(next ? Math.max(nanos, model.from[i]) : nanos), y: middle(rows[1 + lane]), r: rows[1 + lane] };
}

function drawArrows() {
  canvas.dataset.arrows = 0;
  if (!view.arrows) return;
  const { sent, arrived, from, to, kind } = model.arrow;
  const span = view.to - view.from;
  const low = lowerBound(sent, view.from - span, 0, model.arrow.count), high = lowerBound(sent, view.to, low, model.arrow.count);
  let which;
  if (high - low <= MOST_ARROWS) {
    which = Array.from({ length: high - low }, (_, i) => low + i);
  } else if (view.task !== NOBODY) {
    which = ownArrows(view.task).touching.filter(i => arrived[i] >= view.from && sent[i] <= view.to);
    if (which.length > MOST_OWN_ARROWS) return;
  } else {
    return;
  }
  let drawn = 0;
  for (const i of which) {
    if (from[i] === NOBODY) continue;
    const a = place(from[i], sent[i], false), b = place(to[i], arrived[i], kind[i] !== SPAWN || rowOfTask[to[i]] === NOBODY);
    if (!a || !b || a.y === b.y || b.x < gutter || a.x > width || !(isOnScreen(a.r) || isOnScreen(b.r))) continue;
    const own = from[i] === view.task || to[i] === view.task;
    ctx.globalAlpha = own || view.task === NOBODY ? 0.9 : 0.3;
    ctx.strokeStyle = ctx.fillStyle = palette.css[['SPAWN', 'WAKE', 'SEND'][kind[i]]];
    ctx.setLineDash(kind[i] === SPAWN ? [] : kind[i] === WAKE ? [5, 3] : [1.5, 3]);
    ctx.lineWidth = own ? 1.8 : 1.2;
    const down = Math.sign(b.y - a.y), tip = b.y - down * (b.r.h / 2 - 2);
    const bend = Math.min(30, Math.abs(tip - a.y) / 2) * down, lean = Math.max(0, 6 - (b.x - a.x) / 2);
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    ctx.bezierCurveTo(a.x + lean, a.y + bend, b.x + lean, tip - bend - 5 * down, b.x, tip - 5 * down);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(b.x, tip);
    ctx.lineTo(b.x - 3.5, tip - 7 * down);
    ctx.lineTo(b.x + 3.5, tip - 7 * down);
    ctx.fill();
    drawn++;
  }
  ctx.globalAlpha = 1;
  canvas.dataset.arrows = drawn;
}

function drawCursor() {
  const chosen = rows[view.row];
  ctx.strokeStyle = palette.css.focus;
  ctx.lineWidth = 1;
  if (chosen && isOnScreen(chosen) && chosen.kind !== 'title') {
    ctx.strokeRect(gutter + 0.5, AXIS + chosen.y - view.top + 0.5, width - gutter - 1, chosen.h - 1);
  }
  if (view.at !== null && view.at >= view.from && view.at <= view.to) {
    const px = Math.round(x(view.at)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(px, 4);
    ctx.lineTo(px, height);
    ctx.stroke();
  }
  const space = height - AXIS;
  if (rows.height > space) { // how far it is scrolled
    ctx.fillStyle = palette.css.soft;
    ctx.globalAlpha = 0.5;
    ctx.fillRect(width - 6, AXIS + view.top / rows.height * space, 4, Math.max(16, space / rows.height * space));
    ctx.globalAlpha = 1;
  }
}

function drawMap() {
  const w = map.width, h = map.height;
  const small = map.getContext('2d');
  const picture = new ImageData(w, h);
  const pixels = new Uint32Array(picture.data.buffer).fill(palette.card);
  const margin = model.end * 0.02;
  reserveColumns(w);
  fillColumns(ALL, -margin, model.end + margin, w);
  paint(pixels, w, h, 0, h);
  small.putImageData(picture, 0, 0);
  const left = (view.from + margin) / (model.end + 2 * margin) * w, right = (view.to + margin) / (model.end + 2 * margin) * w;
  small.fillStyle = palette.css.paper;
  small.globalAlpha = 0.65;
  small.fillRect(0, 0, left, h);
  small.fillRect(right, 0, w - right, h);
  small.globalAlpha = 1;
  small.strokeStyle = palette.css.focus;
  small.lineWidth = 2 * scale;
  small.strokeRect(Math.min(left, w - 3 * scale) + scale, scale, Math.max(2 * scale, right - left - 2 * scale), h - 2 * scale);
}

function draw() {
  const begun = performance.now();
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  drawRows();
  ctx.textBaseline = 'middle';
  ctx.font = '11.5px system-ui, sans-serif';
  ctx.save();
  ctx.beginPath();
  ctx.rect(gutter, AXIS, width - gutter, height - AXIS);
  ctx.clip();
  drawStays();
  drawArrows();
  ctx.restore();
  drawLabels();
  ctx.font = '11.5px system-ui, sans-serif';
  drawAxis();
  drawCursor();
  drawMap();
  canvas.dataset.row = rows[view.row].text;
  canvas.dataset.drawn = Number(canvas.dataset.drawn ?? 0) + 1;
  canvas.dataset.millis = (performance.now() - begun).toFixed(1);
}

let pending = false;
function later() {
  if (!pending) {
    pending = true;
    requestAnimationFrame(() => { pending = false; draw(); });
  }
}

function resize() {
  scale = devicePixelRatio || 1;
  width = canvas.clientWidth;
  height = canvas.clientHeight;
  gutter = Math.min(190, Math.round(width * 0.28));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  map.width = Math.round(map.clientWidth * scale);
  map.height = Math.round(map.clientHeight * scale);
  scroll(view.top);
}

// ---- what is where, in words ----

function describe(r, nanos) {
  if (!r || r.kind === 'title') return '';
  if (r.kind === 'group') {
    return `${r.text}, ${model.groups[r.id].size} tasks, ${view.open.has(r.id) ? 'unfolded' : 'folded'}`;
  }
  const row = r.kind === 'lane' ? r.id : taskRow(r.id);
  const i = nanos === null ? NOBODY : spanAt(row, nanos);
  if (i === NOBODY) return r.text;
  const { state, from, other } = model;
  const length = `${time(from[i + 1] - from[i])}, from ${time(from[i])}`;
  if (r.kind === 'lane') {
    return `${r.text}: ${other[i] === NOBODY ? 'no task' : label(other[i]) + ', ' + model.states[state[i]].words}, ${length}`;
  }
  return `${r.text}: ${model.states[state[i]].words}${other[i] === NOBODY ? '' : ' on ' + model.lanes[other[i]]}, ${length}`;
}

const say = () => { $('said').textContent = describe(rows[view.row], view.at); };

function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function openCard(t, begin) {
  if (flow.on && !flow.held) {
    hold(true); // else it would be another story before one has read it
    flow.heldByCard = true;
  }
  view.task = t;
  later();
  const row = taskRow(t), first = model.first[row], last = model.first[row + 1] - 1;
  const nanos = new Float64Array(model.states.length), uses = { BUSY: 0, SCHEDULED: 0, IDLE: 0, NONE: 0 };
  for (let i = first; i < last; i++) nanos[model.state[i]] += model.from[i + 1] - model.from[i];
  model.states.forEach((state, s) => { uses[state.use] += nanos[s]; });
  const all = uses.BUSY + uses.SCHEDULED + uses.IDLE || 1;
  const percent = n => (n / all * 100).toFixed(1) + '%';
  const ended = model.outcome[t] < 3;
  const endedAt = model.state[last - 1] === S.NONE ? model.from[last - 1] : model.from[last];
  const present = model.states.map((_, s) => s).filter(s => s !== S.NONE && nanos[s] > 0);
  const facts = (model.startSeen[t] ? `Started at ${time(model.from[first])}` : 'Started before the recording begins')
    + (model.parent[t] === NOBODY ? '' : ` by ${label(model.parent[t])}`)
    + (ended ? `; ended at ${time(endedAt)}: ${model.outcomes[model.outcome[t]]}.` : '; had not ended when the recording ends.');
  const bar = element('div', { className: 'bar' });
  for (const s of present) {
    const part = element('i', { className: model.states[s].name });
    part.style.flexGrow = nanos[s] / all;
    bar.append(part);
  }
  const table = element('table', {}, ...present.map(s => element('tr', {},
    element('td', {}, element('i', { className: model.states[s].name }), ' ' + model.states[s].words),
    element('td', {}, time(nanos[s])), element('td', {}, percent(nanos[s])))));
  const close = element('button', { type: 'button', className: 'close', title: 'Close (Esc)', onclick: closeCard }, '×');
  close.setAttribute('aria-label', 'Close');
  card.replaceChildren(
    element('h2', {}, label(t)), close, element('p', {}, facts), bar,
    element('p', {}, `busy ${percent(uses.BUSY)} · scheduled ${percent(uses.SCHEDULED)} · idle ${percent(uses.IDLE)} · `
      + `${model.switches[t].toLocaleString('en')} switches`),
    table, ...noted('Was started at', model.startedAt[t]), ...noted('Last waited at', model.waitedAt[t]),
    element('h3', {}, 'Its story'), ...story(t, begin));
  card.hidden = false;
}

// The stack, if one was noted.
function noted(title, stack) {
  return stack === NOBODY ? [] : [element('h3', {}, title), element('pre', {}, model.stacks[stack].join('\n'))];
}

// The sentences from span `begin` on, or from the span at the chosen time; with buttons for those before and behind.
function story(t, begin) {
  const row = taskRow(t), first = model.first[row], last = model.first[row + 1] - 1;
  if (begin === undefined) {
    begin = last - first <= STORY_LINES || view.at === null ? first : Math.max(first, Math.max(first, spanAt(row, view.at)) - 5);
  }
  const end = Math.min(last, begin + STORY_LINES);
  const list = element('ol');
  const line = (nanos, text) => list.append(element('li', {}, element('button', {
    type: 'button',
    onclick: () => { view.at = nanos; if (nanos < view.from || nanos > view.to) look(nanos - (view.to - view.from) / 2, nanos + (view.to - view.from) / 2); later(); }
  }, element('span', {}, time(nanos)), text)));
  const { arriving } = ownArrows(t);
  const { from, sent, arrived, kind } = model.arrow;
  const byTime = new Map(arriving.filter(i => kind[i] === WAKE).map(i => [arrived[i], i]));
  for (let i = begin; i < end; i++) {
    const woken = byTime.get(model.from[i]);
    if (woken !== undefined) {
      line(sent[woken], `was woken by ${from[woken] === NOBODY ? 'a thread that is no task' : label(from[woken])}`);
    }
    if (model.state[i] !== S.NONE) {
      const where = model.other[i] === NOBODY ? '' : ` on ${model.lanes[model.other[i]]}`;
      line(model.from[i], `${model.states[model.state[i]].story}${where} for ${time(model.from[i + 1] - model.from[i])}`);
    } else if (i === last - 1 && model.outcome[t] < 3) {
      line(model.from[i], `ended: ${model.outcomes[model.outcome[t]]}`);
    }
  }
  const more = (text, to) => element('button', { type: 'button', onclick: () => openCard(t, to) }, text);
  return [
    ...begin > first ? [more('earlier', Math.max(first, begin - STORY_LINES))] : [], list,
    ...end < last ? [more(`later (${(last - end).toLocaleString('en')} more)`, end)] : []
  ];
}

function closeCard() {
  card.hidden = true;
  if (flow.heldByCard) hold(false);
  view.task = NOBODY;
  later();
  canvas.focus();
}

// ---- moving about ----

function choose(index, nanos = view.at) {
  view.row = Math.max(0, Math.min(rows.length - 1, index));
  view.at = nanos;
  reveal(rows[view.row]);
  say();
  later();
}

// The next row that is no title.
function step(by) {
  let to = view.row + by;
  while (rows[to]?.kind === 'title') to += Math.sign(by);
  if (rows[to]) choose(to); else choose(by < 0 ? 1 : rows.length - 1);
}

function fold(g) {
  if (!view.open.delete(g)) view.open.add(g);
  layOut();
  say();
  scroll(view.top);
}

function activate() {
  const r = rows[view.row];
  if (r.kind === 'group') {
    fold(r.id);
  } else if (r.kind === 'task') {
    openCard(r.id);
    card.focus();
  } else if (r.kind === 'lane') {
    const i = view.at === null ? NOBODY : spanAt(r.id, view.at);
    if (i !== NOBODY && model.other[i] !== NOBODY) {
      openCard(model.other[i]);
      card.focus();
    }
  }
}

// To the row of a task, wherever it is folded away.
function goTo(t) {
  if (rowOfTask[t] === NOBODY) {
    view.open.add(model.groups.findIndex(group => group.tasks.includes(t)));
    layOut();
  }
  const row = taskRow(t), from = model.from[model.first[row]], to = model.from[model.first[row + 1] - 1];
  if (to < view.from || from > view.to) look(from - (view.to - view.from) / 2, from + (view.to - view.from) / 2);
  view.task = t;
  choose(rowOfTask[t], Math.max(from, Math.min(view.at ?? from, to)));
}

// The state before or behind, of the chosen row.
function stepSpan(by) {
  const r = rows[view.row];
  if (r.kind !== 'lane' && r.kind !== 'task') return;
  const row = r.kind === 'lane' ? r.id : taskRow(r.id);
  if (spanCount(row) <= 0) return;
  const at = view.at === null ? NOBODY : spanAt(row, view.at);
  const first = model.first[row];
  const i = at === NOBODY ? first : Math.max(first, Math.min(model.first[row + 1] - 2, at + by));
  view.at = model.from[i];
  const span = view.to - view.from;
  if (view.at < view.from || view.at > view.to) look(view.at - span / 2, view.at + span / 2);
  say();
  later();
}

const search = { matches: [], at: -1 };
function find(text) {
  const wanted = text.trim().toLowerCase();
  search.matches = [];
  search.at = -1;
  if (wanted) {
    for (let t = 0; t < model.tasks; t++) {
      if (label(t).toLowerCase().includes(wanted)) search.matches.push(t);
    }
    search.matches.sort((a, b) => (String(model.number[b]) === wanted) - (String(model.number[a]) === wanted)); // the very number first
  }
  $('found').textContent = wanted ? (search.matches.length ? `${search.matches.length.toLocaleString('en')} found` : 'none') : '';
}

function nextMatch(by) {
  const n = search.matches.length;
  if (n === 0) return;
  search.at = (search.at + by + n) % n;
  $('found').textContent = `${search.at + 1} of ${n.toLocaleString('en')}`;
  goTo(search.matches[search.at]);
}

function toggleArrows() {
  view.arrows = !view.arrows;
  $('arrows').setAttribute('aria-pressed', view.arrows);
  later();
}

const whole = () => look(-model.end * 0.02, model.end * 1.02);

const keys = {
  ArrowLeft: e => pan(e.shiftKey ? -0.5 : -0.1), ArrowRight: e => pan(e.shiftKey ? 0.5 : 0.1),
  ArrowUp: () => step(-1), ArrowDown: () => step(1), PageUp: () => step(-15), PageDown: () => step(15),
  '+': () => zoom(0.6), '=': () => zoom(0.6), '-': () => zoom(1 / 0.6), '0': whole,
  Home: () => look(-(view.to - view.from) * 0.02, (view.to - view.from) * 0.98), End: () => look(model.end - (view.to - view.from), model.end),
  ',': () => stepSpan(-1), '.': () => stepSpan(1), Enter: activate, ' ': activate,
  f: () => {
    const r = rows[view.row];
    if (r.kind !== 'task') return;
    const first = model.from[model.first[taskRow(r.id)]], last = model.from[model.first[taskRow(r.id) + 1] - 1];
    look(first - (last - first) * 0.05, last + (last - first) * 0.05);
  }
};

function listen() {
  canvas.onkeydown = e => {
    const act = keys[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (act && !e.ctrlKey && !e.metaKey && !e.altKey) {
      act(e);
      e.preventDefault();
    }
  };
  onkeydown = e => {
    if (e.key === 'Escape' && !$('keys').open) {
      if (!card.hidden) closeCard(); else canvas.focus();
    } else if (!e.target.matches('input') && !e.ctrlKey && !e.metaKey && !e.altKey) {
      if (e.key === '/') {
        $('query').focus();
        e.preventDefault();
      } else if (e.key === '?') {
        $('keys').showModal();
      } else if (e.key === 'x') {
        toggleArrows();
      }
    }
  };
  $('query').oninput = e => find(e.target.value);
  $('query').onkeydown = e => {
    if (e.key === 'Enter') {
      nextMatch(e.shiftKey ? -1 : 1);
      e.preventDefault();
    }
  };
  $('search').onsubmit = e => e.preventDefault();
  $('closer').onclick = () => zoom(0.6);
  $('wider').onclick = () => zoom(1 / 0.6);
  $('whole').onclick = whole;
  $('arrows').onclick = toggleArrows;
  $('help').onclick = () => $('keys').showModal();

  canvas.addEventListener('wheel', e => {
    e.preventDefault();
    const px = e.deltaMode ? 16 : 1;
    if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) pan((e.deltaX || e.deltaY) * px / width);
    else if (e.offsetX < gutter) scroll(view.top + e.deltaY * px);
    else zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY * px)) / 150), nanosAt(e.offsetX));
  }, { passive: false });

  // One pointer drags, two pinch; one that has not moved has clicked.
  const pointers = new Map();
  let moved = 0;
  canvas.onpointerdown = e => {
    canvas.setPointerCapture(e.pointerId);
    pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
    if (pointers.size === 1) moved = 0;
  };
  canvas.onpointermove = e => {
    const before = pointers.get(e.pointerId);
    if (!before) {
      tip(e);
      return;
    }
    const now = { x: e.offsetX, y: e.offsetY };
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (moved > CLICK) {
      canvas.classList.add('dragging');
      $('tip').hidden = true;
      if (pointers.size === 1) {
        pan((before.x - now.x) / (width - gutter));
        scroll(view.top + before.y - now.y);
      } else {
        const other = [...pointers].find(([id]) => id !== e.pointerId)[1];
        const apart = p => Math.max(20, Math.abs(p.x - other.x));
        zoom(apart(before) / apart(now), nanosAt((now.x + other.x) / 2));
      }
    }
    pointers.set(e.pointerId, now);
  };
  canvas.onpointerup = canvas.onpointercancel = e => {
    pointers.delete(e.pointerId);
    canvas.classList.remove('dragging');
    if (e.type === 'pointerup' && moved <= CLICK) click(e);
  };
  canvas.onpointerleave = () => { $('tip').hidden = true; };

  const aim = e => {
    if (e.buttons) {
      const centre = (e.offsetX / map.clientWidth) * model.end * 1.04 - model.end * 0.02, half = (view.to - view.from) / 2;
      look(centre - half, centre + half);
    }
  };
  map.onpointerdown = e => { map.setPointerCapture(e.pointerId); aim(e); };
  map.onpointermove = aim;
  new ResizeObserver(resize).observe($('stage'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { colours(); later(); });
}

function click(e) {
  const index = rowAt(e.offsetY);
  if (index < 0 || rows[index].kind === 'title') return;
  choose(index, e.offsetX < gutter ? view.at : nanosAt(e.offsetX));
  if (rows[index].kind === 'group') fold(rows[index].id); else activate();
}

function tip(e) {
  const index = e.offsetX > gutter && e.offsetY > AXIS ? rowAt(e.offsetY) : -1;
  const text = describe(rows[index], nanosAt(e.offsetX));
  const box = $('tip');
  box.hidden = !text;
  box.textContent = text;
  box.style.left = Math.max(0, Math.min(e.offsetX + 14, width - box.offsetWidth - 6)) + 'px';
  box.style.top = (e.offsetY + 18 + box.offsetHeight > height ? e.offsetY - box.offsetHeight - 8 : e.offsetY + 18) + 'px';
}

function show(loaded) {
  model = loaded;
  colours();
  layOut();
  view.row = Math.min(1, rows.length - 1);
  resize();
  whole();
  draw();
  listen();
  tell();
  document.body.dataset.ready = performance.now().toFixed(0); // since the browser began to load the page
}
