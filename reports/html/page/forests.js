// @ts-check
// Draws figures with their intervals one below the other from the page's `#report-data`, again whenever `redraw` says so. Runs
// in the page alone.

/** @typedef {import('../forests.ts').Forest} Forest */
/** @typedef {import('../forests.ts').ForestRow} ForestRow */
/** @typedef {import('chart.js').Plugin<'scatter'>} Plugin */

// The library before this script leaves its name in the page.
const { Chart } = /** @type {{Chart: typeof import('chart.js').Chart}} */ (/** @type {unknown} */ (globalThis));
/** @type {import('../page-data.ts').PageData} */
const { charts } = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
/** @type {{destroy: () => void}[]} */
let drawn = [];

/** Pixels below which names are broken into short lines, and figures stand in the table alone. */
const narrow = 560;

/** @param {string} name of a custom property of the style sheet */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** @param {number} value */
const figure = (value) =>
  value
    .toFixed(2)
    .replace(/^-(?!0\.00)/, '−')
    .replace(/^-/, '');

/** @param {ForestRow} row */
const figures = ({ value, low, high }) => `${figure(value)} [${figure(low)}, ${figure(high)}]`;

/** Words in lines of at most so many characters, where they can be. @param {string} text @param {number} most */
function wrapped(text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && line.length <= most) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}

/** Of an arm its own colour; of a difference, whether its interval leaves 0. @param {ForestRow} row */
function colourOf({ arm, low, high }) {
  if (arm !== null) return colour(`c${arm % charts.armColours}`);
  return low > 0 || high < 0 ? colour('accent') : colour('soft');
}

/** @param {Forest} forest @returns {Plugin} */
const lines = ({ rows, measure }) => ({
  id: 'lines',
  beforeDatasetsDraw: ({ ctx: context, scales: { x, y }, chartArea }) => {
    if (!x || !y) return;
    context.save();
    if (measure === 'difference') {
      context.strokeStyle = colour('ink');
      context.setLineDash([4, 3]);
      context.beginPath();
      context.moveTo(x.getPixelForValue(0), chartArea.top);
      context.lineTo(x.getPixelForValue(0), chartArea.bottom);
      context.stroke();
      context.setLineDash([]);
    }
    context.lineWidth = 2.5;
    for (const [index, row] of rows.entries()) {
      context.strokeStyle = colourOf(row);
      context.beginPath();
      context.moveTo(x.getPixelForValue(row.low), y.getPixelForValue(index));
      context.lineTo(x.getPixelForValue(row.high), y.getPixelForValue(index));
      context.stroke();
    }
    context.restore();
  },
  afterDatasetsDraw: ({ ctx: context, scales: { y }, chartArea, width }) => {
    if (!y || width < narrow) return;
    context.save();
    context.fillStyle = colour('ink');
    context.font = `${Chart.defaults.font.size ?? 12}px ${Chart.defaults.font.family ?? 'sans-serif'}`;
    context.textBaseline = 'middle';
    for (const [index, row] of rows.entries())
      context.fillText(figures(row), chartArea.right + 12, y.getPixelForValue(index));
    context.restore();
  },
});

/** @param {Forest} forest */
function range({ measure, rows }) {
  if (measure === 'success') return { min: 0, max: 1 };
  const [low, high] = [Math.min(0, ...rows.map((row) => row.low)), Math.max(0, ...rows.map((row) => row.high))];
  return { suggestedMin: low - 0.05, suggestedMax: high + 0.05 };
}

/** @param {HTMLCanvasElement} canvas @param {Forest} forest */
function forestChart(canvas, forest) {
  const { rows, measure } = forest;
  const isNarrow = (canvas.parentElement?.clientWidth ?? 0) < narrow;
  return new Chart(canvas, {
    type: 'scatter',
    data: {
      datasets: [
        {
          data: rows.map(({ value }, index) => ({ x: value, y: index })),
          pointRadius: 5,
          pointHoverRadius: 7,
          pointHitRadius: 12,
          pointBackgroundColor: rows.map(colourOf),
          pointBorderColor: colour('raised'),
        },
      ],
    },
    plugins: [lines(forest)],
    options: {
      layout: { padding: { right: isNarrow ? 8 : 160 } },
      clip: false,
      scales: {
        x: {
          ...range(forest),
          title: { display: true, text: measure === 'success' ? 'verifier success' : 'difference of verifier success' },
          grid: { color: colour('line') },
          ticks: { callback: (value) => String(Math.round(Number(value) * 100) / 100).replace('-', '−') },
        },
        y: {
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          afterBuildTicks: (axis) => {
            axis.ticks = rows.map((_, value) => ({ value }));
          },
          grid: { display: false },
          ticks: {
            autoSkip: false,
            color: colour('ink'),
            callback: (value) =>
              (rows[Number(value)]?.names ?? []).flatMap((name) => wrapped(name, isNarrow ? 18 : 44)),
          },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            label: ({ dataIndex }) => {
              const row = rows[dataIndex];
              return row ? `${row.names.join(' ')}: ${figures(row)}` : '';
            },
          },
        },
      },
    },
  });
}

function draw() {
  for (const chart of drawn) chart.destroy();
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = colour('soft');
  Chart.defaults.borderColor = colour('line');
  drawn = charts.forests.flatMap((forest, index) => {
    const canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById(`chart-forest-${index}`));
    return canvas ? [forestChart(canvas, forest)] : [];
  });
  document.documentElement.dataset['forests'] = String(drawn.length);
}

draw();
addEventListener('redraw', draw);
