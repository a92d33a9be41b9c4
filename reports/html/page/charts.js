// @ts-check
// Draws the charts of a report from its `#report-data`, again whenever `redraw` says so. Runs in the page alone.

/** @typedef {import('../chart-data.ts').Curve} Curve */
/** @typedef {import('../chart-data.ts').CurvePoint} CurvePoint */
/** @typedef {import('../chart-data.ts').ProxyChart} ProxyChart */
/** @typedef {import('chart.js').ChartDataset<'line', {x: number, y: number}[]>} LineDataset */
/** @typedef {LineDataset & {isBand?: boolean, seeds?: (readonly number[])[]}} CurveDataset */
/** @typedef {{x: number, y: number, ends: {x: [number, number], y: [number, number]}}} PointWithEnds */
/** @typedef {import('chart.js').ChartDataset<'scatter', PointWithEnds[]> & {borderColor: string}} ContextDataset */

// The library before this script leaves its name in the page.
const { Chart } = /** @type {{Chart: typeof import('chart.js').Chart}} */ (/** @type {unknown} */ (globalThis));
/** @type {import('../page-data.ts').PageData} */
const data = JSON.parse(document.getElementById('report-data')?.textContent ?? '');

const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
/** @type {Record<string, import('chart.js').PointStyle>} */
const shapeOfView = { eager: 'rect', server: 'triangle', tool: 'circle' };
/** @type {{destroy: () => void}[]} */
let charts = [];

/** @param {string} name of a custom property of the style sheet */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** @param {number} arm */
const armColour = (arm) => colour(`c${arm % data.charts.armColours}`);

/** @param {string} hex @param {number} alpha 0..1 */
const faded = (hex, alpha) =>
  hex +
  Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0');

/** A share as the tables have it. @param {number | string | null} value 0..1 */
const share = (value) => Number(value).toFixed(2);

/** @param {string} id */
const canvasOf = (id) => /** @type {HTMLCanvasElement | null} */ (document.getElementById(id));

function setDefaults() {
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = colour('soft');
  Chart.defaults.borderColor = colour('line');
}

/** @param {string} title */
const shareAxis = (title) => ({
  min: 0,
  max: 1,
  title: { display: true, text: title },
  ticks: { callback: (/** @type {number | string} */ value) => String(Math.round(Number(value) * 100) / 100) },
  grid: { color: colour('line') },
});

/**
 * A line of means; with `band` also the area from the lowest to the highest seed, as two lines without a label.
 * @param {Curve} line
 * @param {string} hex its colour
 * @param {{band: boolean, dash: number[], width?: number, radius?: number}} options
 * @returns {CurveDataset[]}
 */
function curveDatasets({ label, points }, hex, { band, dash, width = 2, radius = 2.5 }) {
  /** @param {(point: CurvePoint) => number} read */
  const placesOf = (read) => points.map((point) => ({ x: point.episodes, y: read(point) }));
  const edge = { label: '', isBand: true, borderWidth: 0, pointRadius: 0, pointHitRadius: 0 };
  const edges = [
    { ...edge, data: placesOf(({ low }) => low) },
    { ...edge, data: placesOf(({ high }) => high), fill: '-1', backgroundColor: faded(hex, 0.14) },
  ];
  return [
    ...(band ? edges : []),
    {
      label,
      data: placesOf(({ mean }) => mean),
      borderColor: hex,
      backgroundColor: hex,
      borderWidth: width,
      borderDash: dash,
      pointRadius: radius,
      pointHitRadius: 8,
      tension: 0,
      seeds: points.map(({ seeds }) => seeds),
    },
  ];
}

/** @param {import('chart.js').TooltipItem<'line'>} item */
function curveTooltip({ dataset, dataIndex, parsed }) {
  const seeds = /** @type {CurveDataset} */ (dataset).seeds?.[dataIndex] ?? [];
  const bySeed = seeds.length > 1 ? ` (seeds ${seeds.map(share).join(', ')})` : '';
  return `${dataset.label}: ${share(parsed.y)}${bySeed}`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CurveDataset[]} datasets
 * @param {string} yTitle
 */
function curveChart(canvas, datasets, yTitle) {
  const mostEpisodes = Math.max(...datasets.flatMap((dataset) => dataset.data.map(({ x }) => x)));
  return new Chart(canvas, {
    type: 'line',
    data: { datasets },
    options: {
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      clip: 6,
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: mostEpisodes,
          title: { display: true, text: 'training episodes' },
          grid: { display: false },
        },
        y: shareAxis(yTitle),
      },
      plugins: {
        legend: {
          position: 'bottom',
          labels: { usePointStyle: false, boxWidth: 26, boxHeight: 2, filter: ({ text }) => text !== '' },
        },
        tooltip: {
          filter: ({ dataset }) => !(/** @type {CurveDataset} */ (dataset).isBand),
          callbacks: {
            title: ([first]) => (first ? `${Math.round(Number(first.parsed.x))} training episodes` : ''),
            label: curveTooltip,
          },
        },
      },
    },
  });
}

/** Draws the intervals of each point in both directions. @type {import('chart.js').Plugin<'scatter'>} */
const errorBars = {
  id: 'errorBars',
  beforeDatasetsDraw: (chart) => {
    const { ctx: context, scales } = chart;
    const { x: xScale, y: yScale } = scales;
    if (!xScale || !yScale) return;
    const datasets = /** @type {ContextDataset[]} */ (/** @type {unknown} */ (chart.data.datasets));
    for (const [index, { data: points, borderColor }] of datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      for (const { x, y, ends } of points) {
        context.save();
        context.strokeStyle = faded(borderColor, 0.6);
        context.lineWidth = 1.5;
        context.beginPath();
        context.moveTo(xScale.getPixelForValue(x), yScale.getPixelForValue(ends.y[0]));
        context.lineTo(xScale.getPixelForValue(x), yScale.getPixelForValue(ends.y[1]));
        context.moveTo(xScale.getPixelForValue(ends.x[0]), yScale.getPixelForValue(y));
        context.lineTo(xScale.getPixelForValue(ends.x[1]), yScale.getPixelForValue(y));
        context.stroke();
        context.restore();
      }
    }
  },
};

/** @returns {ContextDataset[]} */
function contextDatasets() {
  return data.charts.context.map(({ label, arm, view, tokens, success }) => {
    const hex = arm === null ? colour('soft') : armColour(arm);
    return {
      label,
      borderColor: hex,
      backgroundColor: faded(hex, 0.75),
      pointStyle: shapeOfView[view] ?? 'rectRot',
      pointRadius: 7,
      pointHoverRadius: 9,
      data: [{ x: tokens[0], y: success[0], ends: { x: [tokens[1], tokens[2]], y: [success[1], success[2]] } }],
    };
  });
}

/** @param {HTMLCanvasElement} canvas */
function contextChart(canvas) {
  const least = Math.min(...data.charts.context.map(({ tokens }) => tokens[1]));
  const most = Math.max(...data.charts.context.map(({ tokens }) => tokens[2]));
  // Within one power of ten a logarithmic axis has no round numbers to show.
  const isWide = most > 8 * least;
  return new Chart(canvas, {
    type: 'scatter',
    data: { datasets: contextDatasets() },
    plugins: [errorBars],
    options: {
      clip: false,
      layout: { padding: { top: 10, right: 14 } },
      scales: {
        x: {
          type: isWide ? 'logarithmic' : 'linear',
          suggestedMin: least,
          suggestedMax: most,
          title: { display: true, text: `peak context, tokens (mean of episodes${isWide ? ', logarithmic' : ''})` },
          grid: { color: colour('line') },
          ticks: {
            callback: (value) => (isWide && !/^[125]0*$/.test(String(value)) ? '' : value.toLocaleString('en')),
          },
        },
        y: shareAxis('verifier success on test'),
      },
      plugins: {
        legend: { position: 'bottom', labels: { usePointStyle: true } },
        tooltip: {
          callbacks: {
            label: ({ raw, dataset }) => {
              const { x, y, ends } = /** @type {PointWithEnds} */ (raw);
              const interval = `[${share(ends.y[0])}, ${share(ends.y[1])}]`;
              return `${dataset.label}: ${share(y)} ${interval} at ${Math.round(x)} tokens`;
            },
          },
        },
      },
    },
  });
}

/** Truth, always the first line, stands out; so does the reward that was trained on. @param {ProxyChart} chart */
function proxyDatasets({ lines, trainedOn }) {
  return lines.flatMap((line, index) => {
    const isTruth = index === 0;
    const isTrainedOn = line.label === trainedOn;
    return curveDatasets(line, colour(isTruth ? 'truth' : isTrainedOn ? 'proxy' : `other${index % 3}`), {
      band: isTruth,
      radius: 0,
      width: isTruth || isTrainedOn ? 2.5 : 1.2,
      dash: isTruth ? [] : isTrainedOn ? [7, 4] : [2, 3],
    });
  });
}

function draw() {
  for (const chart of charts) chart.destroy();
  charts = [];
  setDefaults();
  const learning = canvasOf('chart-learning');
  if (learning) {
    const datasets = data.charts.learning.flatMap((line) => {
      const { arm = 0 } = line;
      return curveDatasets(line, armColour(arm), {
        band: true,
        dash: dashes[Math.floor(arm / data.charts.armColours) % 4] ?? [],
      });
    });
    charts.push(curveChart(learning, datasets, 'verifier success, validation'));
  }
  for (const [number, chart] of data.charts.proxies.entries()) {
    const canvas = canvasOf(`chart-proxy-${number}`);
    if (canvas) charts.push(curveChart(canvas, proxyDatasets(chart), 'mean of training episodes'));
  }
  const context = canvasOf('chart-context');
  if (context) charts.push(contextChart(context));
  document.documentElement.dataset['charts'] = String(charts.length);
}

draw();
addEventListener('redraw', draw);
