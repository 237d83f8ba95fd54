// What the scripts of all pages share.
'use strict';

// A failure shows itself, to the reader and to the test that looks for this element.
function failed(message) {
  const note = document.createElement('p');
  note.id = 'script-error';
  note.textContent = `The page could not be drawn: ${message}`;
  document.body.prepend(note);
}
window.onerror = (message, source, line) => failed(`${message} (line ${line})`);
window.onunhandledrejection = event => failed(event.reason);

const css = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

// A picture is drawn anew for paper, in its colours and of its width, and once more when it has been printed.
function drawForPaper(draw) {
  const print = isPaper => () => {
    document.documentElement.classList.toggle('paper', isPaper);
    draw();
  };
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));
}

const time = nanos => {
  const [value, unit] = nanos < 1e3 ? [nanos, 'ns'] : nanos < 1e6 ? [nanos / 1e3, 'µs']
    : nanos < 1e9 ? [nanos / 1e6, 'ms'] : [nanos / 1e9, 's'];
  return (value >= 99.95 ? value.toFixed(0) : Number(value.toPrecision(3))) + ' ' + unit;
};

