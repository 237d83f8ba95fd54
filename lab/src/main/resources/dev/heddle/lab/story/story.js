// Stories: guided tours through one question each. A step sets the scene, asks what a change will do, makes it, and compares the answer
// with what was measured. What a story says is data (q1.json to q8.json); what came out is computed here, from states of the
// workload before the change and after it, whether these come from a run or from a file.

const mean = values => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

// What a step may ask about or show: a number out of the states of a stretch of time, and how it is written. What is timed says little
// when other programs have the CPUs.
const FIGURES = (() => {
  const grouped = value => value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
  const took = value => Number.isFinite(value) ? time(value) : 'none ended';
  const stat = name => states => mean(states.map(s => s.stats[name]));
  const round = name => states => { // of those states in whose second a round ended
    const times = states.map(s => s[name]).filter(nanos => nanos > 0);
    return times.length ? mean(times) : Infinity;
  };
  const grown = of => states => Math.max(0, of(states.at(-1)) - of(states[0]));
  const perSecond = of => states => grown(of)(states) / Math.max(0.1, states.at(-1).seconds - states[0].seconds);
  const made = grown(s => s.figures['additions made'] ?? 0), lost = grown(s => s.figures['additions lost'] ?? 0);
  return {
    throughput: { label: 'Rounds per second', of: states => mean(states.map(s => s.throughput)), text: grouped, timed: true },
    least: { label: 'Rounds in the worst second', of: states => Math.min(...states.map(s => s.throughput)), text: grouped, timed: true },
    p50: { label: 'Time of a round, half of them', of: round('p50Nanos'), text: took, timed: true },
    p99: { label: 'Time of a round, 99 of 100', of: round('p99Nanos'), text: took, timed: true },
    longest: { label: 'Time of the longest round', of: states => Math.max(...states.map(s => s.maxNanos)), text: took, timed: true },
    cpus: {
      label: 'CPUs busy, by any program', of: states => mean(states.map(s => s.cpus.reduce((sum, c) => sum + c, 0) / 100)), text: v => v.toFixed(1)
    },
    osThreads: { label: 'OS threads', of: stat('osThreads'), text: grouped },
    runnable: { label: 'Tasks that could run and have no processor', of: stat('runnable'), text: grouped },
    parked: { label: 'Tasks that wait', of: stat('parked'), text: grouped },
    switches: { label: 'Switches per second', of: perSecond(s => s.stats.switches), text: grouped, timed: true },
    handoffs: { label: 'Handoffs', of: grown(s => s.stats.handoffs), text: grouped },
    forced: { label: 'Forced switches of the lock per second', of: perSecond(s => s.stats.lockForcedSwitches), text: grouped, timed: true },
    lockWait: { label: 'Mean wait for the lock', of: stat('lockMeanWaitNanos'), text: took, timed: true },
    ended: { label: 'Tasks that ended', of: grown(s => s.stats.completed), text: grouped },
    lost: { label: 'Additions lost', of: states => lost(states) / Math.max(1, made(states)), text: v => v === 0 ? 'none' : `${Number((v * 100).toPrecision(2))}%` }
  };
})();

// With more than this part of the machine in the hands of other programs the lab trusts no time.
const NOISY = 0.25;

// What came out of a step, in numbers and in words.
function outcome(step, before, after) {
  const figure = FIGURES[step.figure];
  const was = figure.of(before), is = figure.of(after);
  const isRatio = step.comparison === 'ratio';
  const value = !isRatio ? is : was > 0 ? is / was : is > 0 ? Infinity : 1;
  const came = step.choices.findIndex(choice => choice.below === undefined || value < choice.below);
  const usual = step.choices.findIndex(choice => choice.usual);
  const cpus = after[0].cpus.length;
  const others = Math.max(mean(before.map(s => s.otherCpus)), mean(after.map(s => s.otherCpus)));
  const times = !Number.isFinite(value) ? '' : `, ${Number(value.toPrecision(2)).toLocaleString('en')} times as much`;
  return {
    was, is, value, came, usual,
    measured: `${figure.label}: ${figure.text(was)} before, ${figure.text(is)} after${isRatio ? times : ''}. That is “${step.choices[came].text}”`,
    because: usual < 0 || usual === came ? step.because
      : `On this machine, now, it came out otherwise than usual, which is “${step.choices[usual].text}”. What is usual: ${step.because}`,
    noise: !figure.timed || others <= NOISY * cpus ? ''
      : `Other programs had ${others.toFixed(1)} of ${cpus} CPUs meanwhile, so the numbers say little: repeat it when the machine is quiet.`
  };
}

// Controls as people read them.
const asText = lines => lines.split(', ').map(line => line.replace('lock 0', 'no lock')).join(' · ');

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Shows stories in an element, with a host that has the workload, or what was recorded of it:
//   enter(story, step)   sets the scene; the promise says that the change may come
//   change(story, step)  makes the change; the promise has the states: { before, after }
//   look(place)          has the reader look there, or nowhere (null), and returns it as a sentence
//   leave()              no story is open any more
function openStories(root, stories, host) {
  let turn = 0; // changes with whatever is shown, so what comes late is dropped
  let foreseen = []; // of each step so far, whether it was

  function show(focus, ...children) {
    turn++;
    root.replaceChildren(...children);
    focus?.focus();
  }

  const button = (text, onclick, attributes = {}) => make('button', { type: 'button', onclick, ...attributes }, text);

  const back = story => button('All stories', () => menu(story), { class: 'back' });

  function menu(story) {
    host.look(null);
    host.leave();
    root.classList.remove('open');
    const heading = make('h2', { tabindex: -1 }, 'Stories');
    const buttons = stories.map(each => button(`${each.question}: ${each.title}`, () => begin(each)));
    show(story && buttons[stories.indexOf(story)], heading,
      make('p', {}, 'Guided tours of two minutes: a story moves the controls, and asks what will happen before it shows it.'),
      make('ul', { class: 'menu' }, ...buttons.map(each => make('li', {}, each))));
  }

  function begin(story) {
    foreseen = [];
    root.classList.add('open');
    enter(story, 0);
  }

  function enter(story, at) {
    const step = story.steps[at];
    const heading = make('h3', { tabindex: -1 }, step.title);
    const said = make('div', { class: 'said', role: 'status' });
    const choices = step.choices.map((choice, i) => make('label', {},
      make('input', { type: 'radio', name: 'choice', value: i, required: '' }), ' ' + choice.text));
    const look = make('p', { class: 'look' });
    const submit = make('button', {}, 'Show it');
    const form = make('form', {}, make('fieldset', {}, make('legend', {}, step.ask), ...choices), submit);
    const top = make('p', { class: 'where' }, make('span', {}, `${story.question}, step ${at + 1} of ${story.steps.length}`),
      back(story));
    show(heading, make('h2', {}, story.title), top, heading, make('p', {}, step.text),
      make('p', { class: 'settings' }, 'Now: ', make('code', {}, asText(step.scene)), '. Then: ', make('code', {}, asText(step.change)), '.'),
      look, form, said);
    look.textContent = host.look(step.look);

    const mine = turn;
    const isGone = () => mine !== turn;
    const failed = error => {
      if (isGone()) return;
      const again = button('Again', () => enter(story, at));
      said.replaceChildren(make('p', {}, error.message), again);
      again.focus();
    };
    const ready = host.enter(story, step);
    ready.catch(failed);
    form.onsubmit = async event => {
      event.preventDefault();
      const chosen = Number(new FormData(form).get('choice'));
      if (said.textContent) return; // asked already
      said.textContent = 'Measuring …';
      submit.setAttribute('aria-disabled', 'true');
      try {
        await ready;
        if (isGone()) return;
        const { before, after } = await host.change(story, step);
        if (!isGone()) result(story, at, form, said, chosen, before, after);
      } catch (error) {
        failed(error);
      }
    };
  }

  function result(story, at, form, said, chosen, before, after) {
    const step = story.steps[at];
    const found = outcome(step, before, after);
    const isForeseen = found.came === chosen;
    foreseen[at] = isForeseen;
    form.querySelectorAll('label').forEach((label, i) => {
      label.querySelector('input').disabled = true;
      if (i === found.came) label.append(make('b', {}, ' measured'));
      label.classList.toggle('came', i === found.came);
    });
    form.querySelector('button').remove();
    said.replaceChildren(
      make('p', { class: isForeseen ? 'foreseen' : 'missed' },
        `${found.measured}, ${isForeseen ? 'as you said' : `and you said “${step.choices[chosen].text}”`}.`),
      ...found.noise ? [make('p', { class: 'noise' }, found.noise)] : [], make('p', {}, found.because), tableOf(step, before, after));
    const isLast = at + 1 === story.steps.length;
    const next = button(isLast ? 'Finish' : 'Next', () => isLast ? finish(story) : enter(story, at + 1), { class: 'next' });
    root.append(next);
    next.focus();
  }

  function finish(story) {
    host.look(null);
    const right = foreseen.filter(each => each).length;
    const heading = make('h3', { tabindex: -1 }, `You foresaw ${right} of ${story.steps.length}`);
    const next = stories[(stories.indexOf(story) + 1) % stories.length];
    show(heading, make('h2', {}, story.title), heading,
      make('ol', {}, ...story.steps.map((step, i) => make('li', {}, `${step.title}: ${foreseen[i] ? 'foreseen' : 'not foreseen'}`))),
      make('p', {}, 'Measured with more care: ', make('code', {}, `./heddle answers ${story.question}`)),
      make('p', {}, next === story ? '' : button(`${next.question}: ${next.title}`, () => begin(next), { class: 'next' }), ' ', back(story)));
  }

  root.onkeydown = event => {
    if (event.key === 'Escape' && root.classList.contains('open')) root.querySelector('.back')?.click();
  };
  menu();
}

// The figures of a step as a table.
function tableOf(step, before, after) {
  const row = name => {
    const figure = FIGURES[name];
    return make('tr', {}, make('th', { scope: 'row' }, figure.label), ...[before, after].map(states => make('td', {}, figure.text(figure.of(states)))));
  };
  return make('table', {},
    make('thead', {}, make('tr', {}, ...['', 'before', 'after'].map(name => make('th', { scope: 'col' }, name)))),
    make('tbody', {}, ...[...new Set([step.figure, ...step.show])].map(row)));
}
