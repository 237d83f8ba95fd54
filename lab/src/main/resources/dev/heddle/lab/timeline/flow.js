// What the timeline does for paper, and when another page has it in a frame and feeds it with what is happening now.

const flow = { on: !$('data').textContent, held: false, heldByCard: false, loading: false };

function hold(held) {
  flow.held = held;
  flow.heldByCard = false;
  $('hold').setAttribute('aria-pressed', held);
}

// Shows new data, unless the picture is held, or the data before has not been shown yet.
async function feed(base64) {
  if (flow.held || flow.loading) return;
  flow.loading = true;
  try {
    const loaded = load(await inflate(base64));
    if (!model) show(loaded);
    else if (!flow.held) renew(loaded);
  } finally {
    flow.loading = false;
  }
}

// Puts a new model in place of the old one. What is chosen, found and unfolded stays so; the view keeps its distance from the end.
function renew(loaded) {
  const old = model, chosen = rows[view.row];
  const all = view.from <= 0 && view.to >= old.end;
  const unfolded = new Set([...view.open].map(g => old.groups[g]?.name));
  const passed = (loaded.began - old.began) * 1000;
  const number = view.task === NOBODY ? null : old.number[view.task];
  model = loaded;
  arrowsOf.task = NOBODY;
  view.open = new Set(model.groups.flatMap((group, g) => unfolded.has(group.name) ? [g] : []));
  view.task = number === null ? NOBODY : model.number.indexOf(number);
  if (view.at !== null) view.at = view.at - passed < 0 ? null : view.at - passed;
  layOut();
  const same = rows.findIndex(r => r.kind === chosen.kind && r.text === chosen.text);
  if (same >= 0) view.row = same;
  if ($('query').value) find($('query').value);
  resize();
  if (all) whole(); else look(view.from + model.end - old.end, view.to + model.end - old.end);
  tell();
}

function tell() {
  if (!flow.on) return;
  $('context').textContent = `${model.model}: the last ${time(model.end)}, ${model.tasks.toLocaleString('en')} tasks`;
  document.body.dataset.fed = Number(document.body.dataset.fed ?? 0) + 1;
}

if (flow.on) {
  document.body.classList.add('flowing');
  $('hold').hidden = $('holdKey').hidden = false;
  $('hold').onclick = () => hold(!flow.held);
  addEventListener('keydown', e => {
    if (e.key === 'h' && !e.target.matches('input') && !e.ctrlKey && !e.metaKey && !e.altKey) hold(!flow.held);
  });
} else {
  feed($('data').textContent);
}

drawForPaper(() => {
  if (model) {
    colours();
    resize();
    draw();
  }
});
