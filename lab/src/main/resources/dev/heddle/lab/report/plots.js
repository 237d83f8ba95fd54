// Draws the plots of a page. Everything that is text is in the HTML already; what is drawn comes from the JSON in it.
// A page's own script says what: strip() draws a column per row, with its values as points, the median as a bar and its
// interval as a box; curves() draws lines over a number.

const LOG_FROM = 15; // a logarithmic axis where the largest median is more than this many times the smallest
const HEIGHT = 320;
const UP_AXIS = 72;
const PER_LETTER = 7.2; // pixels of a letter of a label; columns too narrow for theirs have them aslant
const ASLANT_PER_LETTER = 5.4; // pixels that a letter of such a label takes downwards

const data = JSON.parse(document.getElementById('data').textContent);

const digits = value => Math.abs(value) >= 99.95 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));

const units = {
  time,
  count: digits,
  times: value => digits(value) + ' ×',
  rate: value => digits(value) + '/s',
  bytes: bytes => bytes < 1024 ? digits(bytes) + ' B' : bytes < 1024 ** 2 ? digits(bytes / 1024) + ' KiB'
    : digits(bytes / 1024 ** 2) + ' MiB'
};

const axisStyle = () => ({ stroke: css('soft'), font: '12px system-ui, sans-serif', ticks: { show: false } });

// least: pixels that it has at its left for what is below; it grows with its own labels.
const upAxis = (text, least = 0) => ({
  ...axisStyle(), grid: { stroke: css('line'), width: 1 },
  size: (u, labels) => Math.max(UP_AXIS, least, 14 + PER_LETTER * Math.max(0, ...(labels ?? []).map(label => label.length))),
  values: (u, splits) => splits.map(v => v === null ? '' : v === 0 ? '0' : text(v))
});

// columns: [{ label, family, values, median, low, high }]; name(i, n): what the readout calls value n of column i
function strip(place, columns, unit, hint, name) {
  if (columns.length === 0) {
    place.remove();
    return;
  }
  const text = units[unit];
  // Column i reaches from i - 0.5 to i + 0.5; its values fill the middle of it from left to right.
  const points = columns.flatMap((column, i) => column.values.map((value, n, all) => ({
    x: i + (all.length === 1 ? 0 : (n / (all.length - 1) - 0.5) * 0.6), value, i, n
  })));
  const xs = points.map(p => p.x);
  const ys = columns.map((_, i) => points.map(p => p.i === i ? p.value : null));
  const medians = columns.map(column => column.median);
  const largest = Math.max(...points.map(p => p.value));
  const lowest = Math.min(0, ...points.map(p => p.value));
  const log = Math.min(...points.map(p => p.value)) > 0 && Math.max(...medians) / Math.min(...medians) > LOG_FROM;
  const readout = place.parentElement.querySelector('.readout');
  const full = (log ? 'Logarithmic axis. ' : '') + hint;
  readout.textContent = full;
  const width = (place.clientWidth - UP_AXIS) / columns.length;
  const letters = Math.max(...columns.map(column => column.label.length));
  const aslant = width < (letters + 1) * PER_LETTER;
  // Where there is no room for the medians the table has them.
  const tight = width < PER_LETTER * Math.max(...medians.map(median => text(median).length));
  const below = aslant ? 24 + letters * ASLANT_PER_LETTER : 32;

  const boxes = u => {
    const ctx = u.ctx;
    ctx.save();
    columns.forEach((column, i) => {
      const left = u.valToPos(i - 0.38, 'x', true), right = u.valToPos(i + 0.38, 'x', true);
      const y = value => u.valToPos(value, 'y', true);
      ctx.fillStyle = ctx.strokeStyle = css(column.family);
      ctx.globalAlpha = 0.16;
      const top = y(column.high), height = Math.max(1, y(column.low) - top);
      ctx.fillRect(left, top, right - left, height);
      ctx.globalAlpha = 1;
      ctx.lineWidth = 3 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(left, y(column.median));
      ctx.lineTo(right, y(column.median));
      ctx.stroke();
    });
    ctx.restore();
  };

  const labels = u => {
    const ctx = u.ctx;
    ctx.save();
    ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'bottom';
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = css('card'); // keeps grid lines away from the digits
    ctx.fillStyle = css('ink');
    columns.forEach((column, i) => {
      const x = u.valToPos(i, 'x', true);
      const y = u.valToPos(Math.max(column.high, ...column.values), 'y', true) - 8 * devicePixelRatio;
      ctx.strokeText(text(column.median), x, y);
      ctx.fillText(text(column.median), x, y);
    });
    ctx.restore();
  };

  const plot = new uPlot({
    width: place.clientWidth,
    height: HEIGHT + below - 32,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 10 } },
    scales: {
      x: { time: false, range: [-0.5, columns.length - 0.5] },
      y: log ? { distr: 3 } : { range: [lowest * 1.18, largest > 0 ? largest * 1.18 : lowest < 0 ? 0 : 1] }
    },
    axes: [
      {
        ...axisStyle(), size: below, rotate: aslant ? 45 : 0, // so that they end below their column: the last has no room to its right
        font: '600 12px system-ui, sans-serif', grid: { show: false },
        splits: columns.map((_, i) => i), values: () => columns.map(column => column.label)
      },
      upAxis(text, aslant ? columns[0].label.length * ASLANT_PER_LETTER - width / 2 : 0)
    ],
    series: [{}, ...columns.map(column => ({
      label: column.label, paths: () => null, spanGaps: false,
      points: { show: true, size: 7, width: 1, stroke: css(column.family), fill: css(column.family) }
    }))],
    hooks: {
      drawClear: [boxes],
      draw: tight ? [] : [labels],
      setCursor: [u => {
        const point = u.cursor.idx == null ? null : points[u.cursor.idx];
        readout.textContent = point ? `${name(point.i, point.n)}: ${text(point.value)}` : full;
      }]
    }
  }, [xs, ...ys], place);
  place.dataset.drawn = columns.length;
  return plot;
}

// lines: [{ label, family, points: [{ x, value, low, high }] }]
function curves(place, lines, unit, across) {
  if (lines.length === 0) {
    place.remove();
    return;
  }
  const text = units[unit];
  const xs = [...new Set(lines.flatMap(line => line.points.map(p => p.x)))].sort((a, b) => a - b);
  const dashes = [[], [8, 4], [2, 4], [10, 4, 2, 4]]; // tells lines of one colour apart
  const seen = {};
  const series = lines.map(line => {
    const n = seen[line.family] = (seen[line.family] ?? -1) + 1;
    return {
      label: line.label, stroke: css(line.family), width: 2, dash: dashes[n % dashes.length], spanGaps: true,
      points: { show: true, size: 7, fill: css(line.family) }, value: (u, v) => v == null ? '' : text(v)
    };
  });
  const readout = place.parentElement.querySelector('.readout');
  readout.textContent = `Across: ${across}. Whiskers are 95% intervals.`;
  const largest = Math.max(...lines.flatMap(line => line.points.map(p => p.high)));
  const whiskers = u => {
    const ctx = u.ctx;
    ctx.save();
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const line of lines) {
      ctx.strokeStyle = css(line.family);
      for (const point of line.points) {
        const x = u.valToPos(point.x, 'x', true);
        ctx.beginPath();
        ctx.moveTo(x, u.valToPos(point.low, 'y', true));
        ctx.lineTo(x, u.valToPos(point.high, 'y', true));
        ctx.stroke();
      }
    }
    ctx.restore();
  };
  const plot = new uPlot({
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: true },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: [0, largest > 0 ? largest * 1.1 : 1] } },
    axes: [
      { ...axisStyle(), size: 40, grid: { show: false }, splits: xs, values: () => xs.map(digits) },
      upAxis(text)
    ],
    series: [{ label: across }, ...series],
    hooks: { draw: [whiskers] }
  }, [xs, ...lines.map(line => xs.map(x => line.points.find(p => p.x === x)?.value ?? null))], place);
  place.dataset.drawn = lines.length;
  return plot;
}

// draw(place) makes a plot of a place, or none
function drawAll(draw) {
  const plots = new Map();
  const again = () => {
    for (const place of document.querySelectorAll('.plot')) {
      plots.get(place)?.destroy();
      plots.set(place, draw(place));
    }
  };
  again();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  drawForPaper(again);
  addEventListener('resize', () =>
    plots.forEach((plot, place) => plot?.setSize({ width: place.clientWidth, height: plot.height })));
}

for (const button of document.querySelectorAll('.copy')) {
  button.onclick = () => navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
    .then(() => { button.textContent = 'copied'; });
}

