// Draws the plots of a report. The page carries the data as JSON (docs/compare-json.md); everything that is text is in
// the HTML already. Each plot has one column per row of its table: the repetitions as points, the median as a bar, its
// interval as a box.
'use strict';

// A failure shows itself, to the reader and to the test that looks for this element.
window.onerror = (message, source, line) => {
  const note = document.createElement('p');
  note.id = 'script-error';
  note.textContent = `The plots could not be drawn: ${message} (line ${line})`;
  document.body.prepend(note);
};

const LOG_FROM = 15; // a logarithmic axis where the slowest row takes more than this many times the fastest
const HEIGHT = 320;

const css = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const data = JSON.parse(document.getElementById('data').textContent);

function time(nanos) {
  const [value, unit] = nanos < 1e3 ? [nanos, 'ns'] : nanos < 1e6 ? [nanos / 1e3, 'µs']
    : nanos < 1e9 ? [nanos / 1e6, 'ms'] : [nanos / 1e9, 's'];
  return (value >= 99.95 ? value.toFixed(0) : Number(value.toPrecision(3))) + ' ' + unit;
}

function draw(place) {
  const rows = data.workloads[place.dataset.table].rows.filter(row => row.timeNanos);
  if (rows.length === 0) {
    place.remove();
    return;
  }
  const sameModelTwice = rows.some((row, i) => rows.findIndex(other => other.model === row.model) !== i);
  const label = row => sameModelTwice ? `${row.model} ${row.processors}` : row.model;

  // Row i has the column from i - 0.5 to i + 0.5; its repetitions fill the middle of it from left to right.
  const points = rows.flatMap((row, i) => row.timeNanos.all.map((nanos, n, all) => ({
    x: i + (all.length === 1 ? 0 : (n / (all.length - 1) - 0.5) * 0.6), nanos, row, i, n
  })));
  const xs = points.map(p => p.x);
  const ys = rows.map((_, i) => points.map(p => p.i === i ? p.nanos : null));
  const medians = rows.map(row => row.timeNanos.median);
  const slowest = Math.max(...rows.map(row => row.timeNanos.max));
  const log = Math.max(...medians) / Math.min(...medians) > LOG_FROM;
  const readout = place.parentElement.querySelector('.readout');
  const hint = (log ? 'Logarithmic axis. ' : '') + 'Time of each repetition; lower is faster.';
  readout.textContent = hint;

  const boxes = u => {
    const ctx = u.ctx;
    ctx.save();
    rows.forEach((row, i) => {
      const left = u.valToPos(i - 0.38, 'x', true), right = u.valToPos(i + 0.38, 'x', true);
      const y = nanos => u.valToPos(nanos, 'y', true);
      ctx.fillStyle = ctx.strokeStyle = css(row.model);
      ctx.globalAlpha = 0.16;
      const top = y(row.timeNanos.high), height = Math.max(1, y(row.timeNanos.low) - top);
      ctx.fillRect(left, top, right - left, height);
      ctx.globalAlpha = 1;
      ctx.lineWidth = 3 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(left, y(row.timeNanos.median));
      ctx.lineTo(right, y(row.timeNanos.median));
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
    rows.forEach((row, i) => {
      const x = u.valToPos(i, 'x', true);
      const y = u.valToPos(Math.max(row.timeNanos.max, row.timeNanos.high), 'y', true) - 8 * devicePixelRatio;
      ctx.strokeText(time(row.timeNanos.median), x, y);
      ctx.fillText(time(row.timeNanos.median), x, y);
    });
    ctx.restore();
  };

  const axis = { stroke: css('soft'), font: '12px system-ui, sans-serif', ticks: { show: false } };
  const plot = new uPlot({
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 10 } },
    scales: {
      x: { time: false, range: [-0.5, rows.length - 0.5] },
      y: log ? { distr: 3 } : { range: [0, slowest * 1.18] }
    },
    axes: [
      {
        ...axis, size: 32, font: '600 12px system-ui, sans-serif', grid: { show: false },
        splits: rows.map((_, i) => i), values: () => rows.map(label)
      },
      {
        ...axis, size: 64, grid: { stroke: css('line'), width: 1 },
        values: (u, splits) => splits.map(v => v === null ? '' : v === 0 ? '0' : time(v))
      }
    ],
    series: [{}, ...rows.map(row => ({
      label: label(row), paths: () => null, spanGaps: false,
      points: { show: true, size: 7, width: 1, stroke: css(row.model), fill: css(row.model) }
    }))],
    hooks: {
      drawClear: [boxes],
      draw: [labels],
      setCursor: [u => {
        const point = u.cursor.idx == null ? null : points[u.cursor.idx];
        readout.textContent = point ? `${label(point.row)}, repetition ${point.n + 1}: ${time(point.nanos)}` : hint;
      }]
    }
  }, [xs, ...ys], place);
  place.dataset.drawn = rows.length;
  return plot;
}

const plots = new Map();
function drawAll() {
  for (const place of document.querySelectorAll('.plot')) {
    plots.get(place)?.destroy();
    plots.set(place, draw(place));
  }
}

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
addEventListener('resize', () =>
  plots.forEach((plot, place) => plot?.setSize({ width: place.clientWidth, height: HEIGHT })));

for (const button of document.querySelectorAll('.copy')) {
  button.onclick = () => navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
    .then(() => { button.textContent = 'copied'; });
}
