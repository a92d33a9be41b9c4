// @ts-check
// Draws success and peak context over the number of tools from the page's `#report-data`, again whenever `redraw` says so. Runs
// in the page alone.

/** @typedef {import('../growth-charts.ts').GrowthChart} GrowthChart */
/** @typedef {{x: number, y: number, low: number, high: number}} Place */
/** @typedef {import('chart.js').ChartDataset<'scatter', Place[]> & {borderColor: string}} ViewDataset */

// The library before this script leaves its name in the page.
const { Chart } = /** @type {{Chart: typeof import('chart.js').Chart}} */ (/** @type {unknown} */ (globalThis));
/** @type {import('../page-data.ts').PageData} */
const { charts } = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
/** @type {{destroy: () => void}[]} */
let drawn = [];

const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
/** @type {import('chart.js').PointStyle[]} */
const shapes = ['rect', 'rectRot', 'circle', 'triangle', 'star'];

/** @param {string} name of a custom property of the style sheet */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Draws the intervals of each point. @type {import('chart.js').Plugin<'scatter'>} */
const intervals = {
  id: 'intervals',
  beforeDatasetsDraw: ({ ctx: context, scales: { x: xScale, y: yScale }, data }) => {
    if (!xScale || !yScale) return;
    context.save();
    context.globalAlpha = 0.6;
    context.lineWidth = 1.5;
    for (const { data: places, borderColor } of /** @type {ViewDataset[]} */ (/** @type {unknown} */ (data.datasets))) {
      context.strokeStyle = borderColor;
      for (const { x, low, high } of places) {
        context.beginPath();
        context.moveTo(xScale.getPixelForValue(x), yScale.getPixelForValue(low));
        context.lineTo(xScale.getPixelForValue(x), yScale.getPixelForValue(high));
        context.stroke();
      }
    }
    context.restore();
  },
};

/** A line for each view. @param {GrowthChart} chart @returns {ViewDataset[]} */
const datasetsOf = ({ lines }) =>
  lines.map(({ view, arm, points }, index) => {
    const hex = arm === null ? colour('soft') : colour(`c${arm % charts.armColours}`);
    return {
      label: view,
      borderColor: hex,
      backgroundColor: hex,
      showLine: true,
      borderWidth: 2,
      borderDash: dashes[index % dashes.length] ?? [],
      pointStyle: shapes[index % shapes.length] ?? 'circle',
      pointRadius: 4,
      data: points.map(({ tools, value, low, high }) => ({ x: tools, y: value, low, high })),
    };
  });

/** Of a logarithmic axis 1, 3 and 10 of each power. @param {number | string} value */
const roundTick = (value) => (/^[13]0*$/.test(String(value)) ? Number(value).toLocaleString('en') : '');

/** @param {HTMLCanvasElement} canvas @param {GrowthChart} chart */
function growthChart(canvas, chart) {
  const isShare = chart.measure === 'success';
  const shown = (/** @type {number | null} */ value) =>
    isShare ? Number(value).toFixed(2) : Math.round(Number(value)).toLocaleString('en');
  const grid = { color: colour('line') };
  return new Chart(canvas, {
    type: 'scatter',
    data: { datasets: datasetsOf(chart) },
    plugins: [intervals],
    options: {
      clip: false,
      layout: { padding: { top: 10, right: 14 } },
      scales: {
        x: {
          type: 'logarithmic',
          title: { display: true, text: 'tools' },
          grid: { display: false },
          ticks: { callback: roundTick, maxRotation: 0 },
        },
        y: isShare
          ? { min: 0, max: 1, title: { display: true, text: 'verifier success' }, grid }
          : {
              type: 'logarithmic',
              title: { display: true, text: 'peak context, tokens' },
              grid,
              ticks: { callback: roundTick },
            },
      },
      plugins: {
        legend: { position: 'bottom', labels: { usePointStyle: true } },
        tooltip: {
          callbacks: {
            label: ({ raw, dataset }) => {
              const { x, y, low, high } = /** @type {Place} */ (raw);
              return `${dataset.label}, ${Math.round(x)} tools: ${shown(y)} [${shown(low)}, ${shown(high)}]`;
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
  drawn = charts.growth.flatMap((chart, index) => {
    const canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById(`chart-growth-${index}`));
    return canvas ? [growthChart(canvas, chart)] : [];
  });
  document.documentElement.dataset['growth'] = String(drawn.length);
}

draw();
addEventListener('redraw', draw);
