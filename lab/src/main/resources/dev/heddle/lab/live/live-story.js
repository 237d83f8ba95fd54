// Plays stories with the workload that runs: moves its controls, and waits for states that say so. Times and rules are those of
// StoryRecorder.java, which does the same without a page.

const pace = { settle: 1.1, watch: 1.0, begin: 5, patience: 30 }; // seconds
const DONE = ['hog', 'block', 'kill']; // controls that are no settings
const OPENERS = ['model', 'workload', 'lock']; // they open another heddle, which is not needed if it is so already

const isTrueOf = (state, line) => {
  const [name, value] = line.split(' ');
  const n = Number(value);
  return {
    model: () => state.model === value, workload: () => state.workload === value,
    processors: () => state.model === 'FIBER' || state.stats.processors === n,
    tasks: () => state.tasksAsked === n && state.tasks === n, cpu: () => state.cpu === n, lock: () => state.lockMillis === n
  }[name]?.() ?? true;
};

// Resolves with the first state from now on that has this; states come ten times a second.
const stateThat = (condition, otherwise) => new Promise((resolve, reject) => {
  const from = states.at(-1)?.n ?? 0, begun = performance.now();
  const timer = setInterval(() => {
    const state = states.at(-1);
    if (state && state.n !== from && condition(state)) {
      clearInterval(timer);
      resolve(state);
    } else if (performance.now() - begun > pace.patience * 1000) {
      clearInterval(timer);
      reject(new Error(otherwise()));
    }
  }, 20);
});

const passed = seconds => {
  const until = states.at(-1).seconds + seconds;
  return stateThat(state => state.seconds >= until, () => 'No states have come for a while: is the workload still there?');
};

// Resolves with whether that has opened another heddle.
async function moveTo(lines) {
  const opens = line => OPENERS.includes(line.split(' ')[0]);
  const moved = lines.filter(line => !(opens(line) && isTrueOf(states.at(-1), line)));
  moved.forEach(line => send(line));
  await sending;
  await stateThat(state => lines.every(line => isTrueOf(state, line)), () => {
    const missing = lines.filter(line => !isTrueOf(states.at(-1), line));
    return `The workload has not come to “${missing.join(', ')}” within ${pace.patience} s.`;
  });
  return moved.some(opens);
}

// Waits until a round has ended, which may never be: what is opened anew takes some time, and philosophers may stand still. In a new heddle,
// above all in its workers, also until code is fast.
const begin = async isNew => {
  const until = states.at(-1).seconds + pace.begin;
  await stateThat(state => state.throughput > 0 || state.seconds > until, () => 'No states have come for a while.');
  if (isNew) await passed(pace.settle);
};

const isAsSet = (state, lines) => lines.every(line => isTrueOf({ ...state, tasks: state.tasksAsked }, line));

const live = {
  async enter(story, step) {
    if (states.length === 0) await stateThat(() => true, () => 'The workload has not begun.');
    await begin(await moveTo(step.scene.split(', ')));
    await passed(pace.settle + pace.watch);
  },

  async change(story, step) {
    const scene = step.scene.split(', '), change = step.change.split(', ');
    const lastBefore = states.at(-1);
    const before = states.filter(state => state.seconds > lastBefore.seconds - pace.watch);
    const isDone = DONE.includes(change[0]);
    const isNew = await moveTo(change);
    if (!isDone) {
      await begin(isNew);
      await passed(pace.settle);
    }
    const begun = isDone ? lastBefore.seconds : states.at(-1).seconds;
    await passed(isDone ? pace.settle + pace.watch : pace.watch);
    const after = states.filter(state => state.seconds >= begun);
    const named = change.map(line => line.split(' ')[0]);
    const asked = [...scene.filter(line => !named.includes(line.split(' ')[0])), ...change];
    if (!before.every(state => isAsSet(state, scene)) || !after.every(state => isAsSet(state, isDone ? scene : asked))) {
      throw new Error('A control was moved meanwhile, so what was measured is something else.');
    }
    return { before, after };
  },

  look(place) {
    document.querySelectorAll('.looked-at').forEach(each => each.classList.remove('looked-at'));
    const section = place && element(place)?.closest('section');
    section?.classList.add('looked-at');
    if (matchMedia('(min-width: 64rem)').matches) section?.scrollIntoView({ block: 'center' }); // else the story would go out of sight
    return section ? `Look at “${section.querySelector('h2').textContent}”.` : '';
  },

  leave() {}
};

fetch('stories.json').then(answer => answer.json()).then(stories => openStories(element('story'), stories, live));
