// What the report of a comparison draws: for each table the time of each repetition, from its JSON (docs/compare-json.md).

function draw(place) {
  const rows = data.workloads[place.dataset.table].rows.filter(row => row.timeNanos);
  const sameModelTwice = rows.some((row, i) => rows.findIndex(other => other.model === row.model) !== i);
  const columns = rows.map(row => ({
    label: sameModelTwice ? `${row.model} ${row.processors}` : row.model,
    family: row.model,
    values: row.timeNanos.all,
    median: row.timeNanos.median,
    low: row.timeNanos.low,
    high: row.timeNanos.high
  }));
  return strip(place, columns, 'time', 'Time of each repetition; lower is faster.',
    (i, n) => `${columns[i].label}, repetition ${n + 1}`);
}

drawAll(draw);
