// @ts-check
// Has charts drawn anew where their colours or their room change, and opens what is folded while the page is printed, so that
// paper loses nothing. Runs in the page alone.

const root = document.documentElement;
/** @type {HTMLDetailsElement[]} */
let opened = [];

const redraw = () => dispatchEvent(new Event('redraw'));

addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details')].filter(({ open }) => !open);
  for (const details of opened) details.open = true;
  // The colours and the width of paper.
  root.dataset['printing'] = 'yes';
  redraw();
});
addEventListener('afterprint', () => {
  for (const details of opened) details.open = false;
  delete root.dataset['printing'];
  redraw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
