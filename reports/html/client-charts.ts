/** Browser script that draws the charts from `#report-data`; plain JavaScript, kept as text because it never runs in Node. */
export default String.raw`
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('report-data').textContent);
  var drawn = [];
  var dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
  var shapes = { eager: 'rect', server: 'triangle', tool: 'circle' };
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); }
  function faded(hex, alpha) { return hex + Math.round(alpha * 255).toString(16).padStart(2, '0'); }
  function percent(value) { return (100 * value).toFixed(0) + ' %'; }

  function defaults() {
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.color = colour('soft');
    Chart.defaults.borderColor = colour('line');
  }
  function shareAxis(title) {
    return { min: 0, max: 1, title: { display: true, text: title }, ticks: { callback: percent }, grid: { color: colour('line') } };
  }
  function episodeAxis(title, most) {
    return { type: 'linear', min: 0, max: most, title: { display: true, text: title }, grid: { display: false } };
  }
  function curve(line, index, options) {
    var hex = colour('c' + (index % 6));
    function points(read) { return line.points.map(function (p) { return { x: p.episodes, y: read(p) }; }); }
    var sets = [];
    if (options.band) {
      sets.push({ label: '', isBand: true, data: points(function (p) { return p.low; }), borderWidth: 0, pointRadius: 0, pointHitRadius: 0 });
      sets.push({ label: '', isBand: true, data: points(function (p) { return p.high; }), borderWidth: 0, pointRadius: 0, pointHitRadius: 0, fill: '-1', backgroundColor: faded(hex, 0.14) });
    }
    sets.push({
      label: line.label, data: points(function (p) { return p.mean; }), borderColor: hex, backgroundColor: hex,
      borderWidth: options.width || 2, borderDash: options.dash || [], pointRadius: options.radius === undefined ? 2.5 : options.radius,
      pointHitRadius: 8, tension: 0, seeds: line.points.map(function (p) { return p.seeds; }),
    });
    return sets;
  }
  function legend() {
    return { position: 'bottom', labels: { usePointStyle: false, boxWidth: 26, boxHeight: 2, filter: function (item) { return item.text !== ''; } } };
  }
  function tooltip() {
    return {
      filter: function (item) { return !item.dataset.isBand; },
      callbacks: {
        title: function (items) { return items.length ? Math.round(items[0].parsed.x) + ' training episodes' : ''; },
        label: function (item) {
          var seeds = (item.dataset.seeds || [])[item.dataIndex] || [];
          return item.dataset.label + ': ' + percent(item.parsed.y) + (seeds.length > 1 ? ' (seeds ' + seeds.map(percent).join(', ') + ')' : '');
        },
      },
    };
  }
  function line(canvas, datasets, xTitle, yTitle) {
    return new Chart(canvas, {
      type: 'line', data: { datasets: datasets },
      options: {
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        clip: 6, scales: { x: episodeAxis(xTitle, Math.max.apply(null, datasets.flatMap(function (set) { return set.data.map(function (p) { return p.x; }); }))), y: shareAxis(yTitle) },
        plugins: { legend: legend(), tooltip: tooltip() },
      },
    });
  }
  var errorBars = {
    id: 'errorBars',
    beforeDatasetsDraw: function (chart) {
      var context = chart.ctx, x = chart.scales.x, y = chart.scales.y;
      chart.data.datasets.forEach(function (set, index) {
        if (!chart.isDatasetVisible(index)) return;
        set.data.forEach(function (point) {
          if (!point.ends) return;
          context.save();
          context.strokeStyle = faded(set.borderColor, 0.6);
          context.lineWidth = 1.5;
          context.beginPath();
          context.moveTo(x.getPixelForValue(point.x), y.getPixelForValue(point.ends.y[0]));
          context.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.ends.y[1]));
          context.moveTo(x.getPixelForValue(point.ends.x[0]), y.getPixelForValue(point.y));
          context.lineTo(x.getPixelForValue(point.ends.x[1]), y.getPixelForValue(point.y));
          context.stroke();
          context.restore();
        });
      });
    },
  };
  function contextChart(canvas) {
    var policies = [];
    data.charts.context.forEach(function (p) { if (policies.indexOf(p.policy) < 0) policies.push(p.policy); });
    var datasets = data.charts.context.map(function (p) {
      var hex = colour('c' + (policies.indexOf(p.policy) % 6));
      return {
        label: p.label, borderColor: hex, backgroundColor: faded(hex, 0.75), pointStyle: shapes[p.view] || 'rectRot', pointRadius: 7, pointHoverRadius: 9,
        data: [{ x: p.tokens[0], y: p.success[0], ends: { x: [p.tokens[1], p.tokens[2]], y: [p.success[1], p.success[2]] } }],
      };
    });
    return new Chart(canvas, {
      type: 'scatter', data: { datasets: datasets }, plugins: [errorBars],
      options: {
        clip: false, layout: { padding: { top: 10, right: 14 } },
        scales: {
          x: { type: 'logarithmic', title: { display: true, text: 'peak context, tokens (mean of episodes, logarithmic)' }, grid: { color: colour('line') },
            ticks: { callback: function (value) { return /^[125]0*$/.test(String(value)) ? value.toLocaleString('en') : ''; } } },
          y: shareAxis('verifier success on test'),
        },
        plugins: {
          legend: { position: 'bottom', labels: { usePointStyle: true } },
          tooltip: { callbacks: { label: function (item) {
            var raw = item.raw;
            return item.dataset.label + ': ' + percent(raw.y) + ' (' + percent(raw.ends.y[0]) + ' to ' + percent(raw.ends.y[1]) + ') at ' + Math.round(raw.x) + ' tokens';
          } } },
        },
      },
    });
  }
  function draw() {
    drawn.forEach(function (chart) { chart.destroy(); });
    drawn = [];
    defaults();
    var learning = document.getElementById('chart-learning');
    if (learning) {
      var sets = data.charts.learning.flatMap(function (one, index) { return curve(one, index, { band: true, dash: dashes[Math.floor(index / 6) % 4] }); });
      drawn.push(line(learning, sets, 'training episodes', 'verifier success, validation'));
    }
    data.charts.proxies.forEach(function (chart, number) {
      var canvas = document.getElementById('chart-proxy-' + number);
      var sets = chart.lines.flatMap(function (one, index) {
        var isTruth = index === 0, isOwn = one.label === chart.trainedOn;
        return curve(one, [3, 0, 1, 2][index], { band: isTruth, radius: 0, width: isTruth || isOwn ? 2.5 : 1.2, dash: isTruth ? [] : isOwn ? [7, 4] : [2, 3] });
      });
      drawn.push(line(canvas, sets, 'training episodes', 'mean of training episodes'));
    });
    var context = document.getElementById('chart-context');
    if (context) drawn.push(contextChart(context));
    document.documentElement.dataset.charts = String(drawn.length);
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
`;
