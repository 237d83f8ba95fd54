// Plays stories from what was recorded: states before and after each change, and a timeline of what the scheduler did around it.

const recorded = JSON.parse(document.getElementById('data').textContent);
const frame = document.getElementById('recorded');

const playedOf = (story, step) => recorded.played[recorded.stories.indexOf(story)][story.steps.indexOf(step)];

// The timeline is a page of its own; a frame keeps its names and keys apart from ours.
function timelineOf(story, step) {
  const page = make('iframe', { title: `Timeline: ${step.title}`, srcdoc: recorded.frame });
  page.onload = () => page.contentWindow.feed(playedOf(story, step).timeline);
  return page;
}

function clear() {
  frame.hidden = true;
  frame.replaceChildren();
}

const file = {
  async enter() { clear(); },
  async change(story, step) {
    frame.replaceChildren(make('p', {}, `What the scheduler did around “${asText(step.change)}”, for a second or less:`),
      timelineOf(story, step));
    frame.hidden = false;
    return playedOf(story, step);
  },
  look: () => '',
  leave: clear
};

openStories(document.getElementById('story'), recorded.stories, file);

// All of it as text: to read, and to print.
document.getElementById('all').append(...recorded.stories.flatMap(story => [
  make('h2', {}, `${story.question}: ${story.title}`),
  ...story.steps.flatMap(step => {
    const { before, after } = playedOf(story, step);
    const found = outcome(step, before, after);
    return [
      make('h3', {}, step.title), make('p', {}, step.text), make('p', {}, make('b', {}, step.ask)),
      make('ul', {}, ...step.choices.map(choice => make('li', {}, choice.text))),
      make('p', {}, found.measured + '.'), ...found.noise ? [make('p', {}, found.noise)] : [], make('p', {}, found.because)
    ];
  })
]));
onbeforeprint = () => { document.getElementById('all').open = true; };
