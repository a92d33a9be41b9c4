/** Style sheet of the page. */
export default `
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --raised: #ffffff; --ink: #1d2126; --soft: #5a626c; --line: #dedbd3; --wash: #f1efe9;
  --accent: #0b6e75; --good: #19733c; --bad: #b3331f; --caution: #8a5a00;
  --c0: #0b7285; --c1: #d9480f; --c2: #5f3dc4; --c3: #2b8a3e; --c4: #c2255c; --c5: #7a6a00;
  --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --raised: #1b1f24; --ink: #e6e6e1; --soft: #a2aab3; --line: #343a41; --wash: #22272d;
    --accent: #5cc8cf; --good: #6fd08c; --bad: #ff8f7a; --caution: #e9b949;
    --c0: #4fc3d7; --c1: #ff9466; --c2: #b197fc; --c3: #7bd88f; --c4: #ff8fb8; --c5: #d9c84a;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 var(--sans); font-variant-numeric: tabular-nums; }
main, .banner > div, nav > div { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
.banner { padding: 2.5rem 0 1.5rem; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .4rem; }
h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
p, li { max-width: 46rem; }
p.lead { font-size: 1.08rem; color: var(--soft); margin: 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: .5rem 1rem; z-index: 3; }
nav { position: sticky; top: 0; z-index: 2; background: var(--page); border-bottom: 1px solid var(--line); }
nav > div { display: flex; gap: .3rem 1.15rem; flex-wrap: wrap; padding-top: .55rem; padding-bottom: .55rem; font-size: .86rem; }
nav a { text-decoration: none; white-space: nowrap; color: var(--soft); } nav a:hover { color: var(--accent); }
code, pre, .mono { font-family: var(--mono); font-size: .86em; }
code { background: var(--wash); padding: .1em .35em; border-radius: 4px; overflow-wrap: anywhere; }
pre { background: var(--wash); padding: .7rem .9rem; border-radius: 6px; overflow: auto; max-height: 24rem; margin: .4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; margin: 1.5rem 0; padding: 0; list-style: none; }
.card { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; max-width: none; }
.card .name { color: var(--soft); font-size: .88rem; } .card .value { font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; }
.card .detail { font-size: .84rem; color: var(--soft); }
.track { position: relative; height: 8px; border-radius: 4px; background: var(--wash); margin: .55rem 0 .5rem; }
.track i { position: absolute; top: 0; bottom: 0; background: var(--accent); opacity: .35; border-radius: 4px; }
.track b { position: absolute; top: -3px; bottom: -3px; width: 3px; margin-left: -1px; background: var(--accent); border-radius: 2px; }
.scroll { overflow-x: auto; margin: .8rem 0 1.2rem; border: 1px solid var(--line); border-radius: 10px; background: var(--raised); }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .88rem; }
caption { text-align: left; padding: .8rem 1rem .5rem; color: var(--soft); font-size: .9rem; max-width: 56rem; }
th, td { padding: .5rem .8rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
tbody tr:first-child > * { border-top: 0; }
thead th { font-weight: 600; color: var(--soft); border-top: 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
tbody tr:hover > * { background: var(--wash); }
tbody th, thead th:first-child { position: sticky; left: 0; background: var(--raised); z-index: 1; }
td { white-space: nowrap; } td.wide { white-space: normal; min-width: 18rem; }
.number { text-align: right; white-space: nowrap; }
td small { display: block; color: var(--soft); font-size: .82em; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: 1rem 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1rem .6rem; min-width: 0; }
figcaption { color: var(--soft); font-size: .88rem; margin-top: .5rem; max-width: 56rem; }
figure h3 { margin: 0 0 .5rem; }
.canvas { position: relative; height: 22rem; } .grid .canvas { height: 16rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; } .grid figure { margin: 0; }
.note { border-left: 3px solid var(--caution); padding: .2rem 0 .2rem 1rem; margin: 1rem 0; }
details > summary { cursor: pointer; color: var(--accent); }
.picker { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; margin: 1rem 0; }
.picker label { display: flex; flex-direction: column; gap: .2rem; font-size: .84rem; color: var(--soft); min-width: 0; }
select, button { font: inherit; font-size: .92rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .38rem .6rem; max-width: 100%; }
button { cursor: pointer; } button:disabled { opacity: .45; cursor: default; }
.tags { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0; padding: 0; list-style: none; }
.tags li { border: 1px solid var(--line); border-radius: 99px; padding: .1rem .7rem; font-size: .86rem; background: var(--raised); }
.good { color: var(--good); } .bad { color: var(--bad); } .tags .good, .tags .bad { border-color: currentColor; }
.turns { list-style: none; padding: 0; margin: 1rem 0; }
.turns > li { max-width: none; background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; margin-bottom: .8rem; }
.turns h4 { margin: 0 0 .3rem; font-size: .95rem; display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; }
.turns h4 span { font-weight: 400; color: var(--soft); font-size: .86rem; }
.bar { display: flex; height: 10px; border-radius: 5px; overflow: hidden; background: var(--wash); margin: .6rem 0 .3rem; }
.bar i { display: block; min-width: 1px; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .8rem; color: var(--soft); }
.legend.bad { color: var(--bad); }
.legend i { display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .35em; }
footer { color: var(--soft); font-size: .88rem; padding: 2rem 0 3rem; }
@media (max-width: 40rem) {
  main, .banner > div, nav > div { padding-left: 1rem; padding-right: 1rem; }
  nav { position: static; } .banner { padding-top: 1.5rem; } h1 { font-size: 1.6rem; }
  tbody th { position: static; white-space: normal; } dl.facts { grid-template-columns: 1fr; } dl.facts dd { margin-bottom: .5rem; }
}
@media print { nav, .picker { display: none; } figure, .card { break-inside: avoid; } }
`;
