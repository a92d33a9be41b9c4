// @ts-check
// Draws what servers cost a context from the page's `#report-data`, again whenever `redraw` says so. Runs in the page alone.

// The library before this script leaves its name in the page.
const { Chart } = /** @type {{Chart: typeof import('chart.js').Chart}} */ (/** @type {unknown} */ (globalThis));
/** @type {import('../../context/page.ts').ContextChart} */
const { servers, parts } = JSON.parse(document.getElementById('report-data')?.textContent ?? '');
const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById('chart-servers'));
/** @type {{destroy: () => void} | undefined} */
let chart;

/** @param {string} name of a custom property of the style sheet */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function draw() {
  chart?.destroy();
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = colour('soft');
  Chart.defaults.borderColor = colour('line');
  chart = new Chart(canvas, {
    type: 'bar',
    data: {
      labels: [...servers],
      datasets: parts.map(({ label, tokens }, index) => ({
        label,
        data: [...tokens],
        backgroundColor: colour(['c1', 'c0', 'c2', 'line', 'c5'][index] ?? 'ink'),
        barPercentage: 0.9,
        categoryPercentage: 0.9,
      })),
    },
    options: {
      indexAxis: 'y',
      interaction: { mode: 'index', axis: 'y', intersect: false },
      scales: {
        x: { stacked: true, title: { display: true, text: 'tokens' }, grid: { color: colour('line') } },
        y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false } },
      },
      plugins: {
        legend: { position: 'bottom', labels: { boxWidth: 14, boxHeight: 14 } },
        tooltip: {
          callbacks: {
            footer: (items) => `together: ${items.reduce((sum, { parsed }) => sum + Number(parsed.x), 0)}`,
          },
        },
      },
    },
  });
  document.documentElement.dataset['charts'] = '1';
}

draw();
addEventListener('redraw', draw);
