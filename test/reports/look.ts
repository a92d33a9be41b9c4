// Measures that tests take inside a page: text, since what a browser knows is unknown here.

/** Parts of the page that reach beyond the window, or beyond the frame that they scroll in: `string[]`. */
export const overflowing = `(() => {
  const { documentElement: root } = document;
  const frames = [...document.querySelectorAll('.scroll')].filter((frame) => frame.scrollWidth > frame.clientWidth + 1);
  return [
    ...(root.scrollWidth > root.clientWidth ? ['the page: ' + root.scrollWidth + ' > ' + root.clientWidth] : []),
    ...frames.map((frame) => (frame.getAttribute('aria-label') ?? frame.innerText.slice(0, 40)) + ': ' + frame.scrollWidth + ' > ' + frame.clientWidth),
  ];
})()`;

export interface Contrast {
  readonly of: string;
  readonly ratio: number;
}

/** WCAG's contrast of every text to what lies behind it, and of the colours of charts: `{texts: Contrast[], colours: Contrast[]}`. */
export const contrasts = `(() => {
  const known = new Map();
  const channels = (text) => known.get(text) ?? known.set(text, drawn(text)).get(text);
  const drawn = (text) => {
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = text;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(channels(one)), luminance(channels(other))].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (channels(backgroundColor)[3] === 255) return backgroundColor;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const texts = [...document.querySelectorAll('body *')]
    .filter((node) => node.checkVisibility() && !node.disabled && !['SCRIPT', 'OPTION', 'NOSCRIPT'].includes(node.tagName))
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== ''))
    .map((node) => ({ of: node.tagName + ' ' + node.textContent.slice(0, 40), ratio: ratio(getComputedStyle(node).color, behind(node)) }));
  const style = getComputedStyle(document.documentElement);
  const names = [...Array(12).keys()].map((number) => '--c' + number);
  names.push('--truth', '--proxy', '--other0', '--other1', '--other2', '--s0', '--s1', '--s2', '--s3', '--s4');
  const colours = names.map((name) => ({ of: name, ratio: ratio(style.getPropertyValue(name), style.getPropertyValue('--raised')) }));
  return { texts, colours };
})()`;

export interface Ink {
  readonly name: string;
  /** Length of the arm's interval, of 1. */
  readonly share: number;
  /** Columns of the picture from the first to the last with the arm's colour. */
  readonly pixels: number;
}

/** The intervals of the headline's picture, of the arms whose point is not at an end of its own: `Ink[]`. */
export const inkOf = `(() => {
  const { charts } = JSON.parse(document.getElementById('report-data').textContent);
  const canvas = document.getElementById('chart-forest-0');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const style = getComputedStyle(document.documentElement);
  return charts.forests[0].rows
    .filter(({ value, low, high }) => value - low > 0.03 && high - value > 0.03)
    .map(({ names, arm, low, high }) => {
      const hex = style.getPropertyValue('--c' + arm).trim();
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      let [first, last] = [Infinity, -Infinity];
      for (let pixel = 0; pixel < data.length / 4; pixel++) {
        if (wanted.some((value, channel) => Math.abs(data[4 * pixel + channel] - value) > 2)) continue;
        first = Math.min(first, pixel % canvas.width);
        last = Math.max(last, pixel % canvas.width);
      }
      return { name: names[0], share: high - low, pixels: last - first };
    });
})()`;
