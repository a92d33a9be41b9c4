import { markup, type Markup } from '../markup.ts';
import type { ContextPoint, Curve, ProxyChart } from './chart-data.ts';
import { canvas, folded } from './section.ts';

/** Validation success over training episodes. */
export function learningFigure(curves: readonly Curve[]): Markup | null {
  if (curves.length === 0) return null;
  return markup`
    <figure>
      ${canvas('chart-learning', 'Verifier success on validation tasks over training episodes, by arm')}
      <figcaption>
        Greedy verifier success on validation tasks. Lines are means over seeds, bands reach from the lowest to the
        highest seed.
      </figcaption>
      ${curveTable(curves)}
    </figure>`;
}

/** Truth beside the rewards while each arm was trained. */
export function proxyFigures(proxies: readonly ProxyChart[]): Markup | null {
  if (proxies.length === 0) return null;
  const figures = proxies.map(
    ({ label, lines }, index) => markup`
      <figure>
        <h3>${label}</h3>
        ${canvas(`chart-proxy-${index}`, `${label}: reward and verifier success over training`)}
        ${curveTable(lines)}
      </figure>`,
  );
  return markup`
    <p>
      Means of the training episodes, sampled rather than greedy. The solid line is the truth, the dashed one the reward
      the policy was trained on, the dotted ones the other rewards. A reward that climbs while the truth does not is
      being gamed.
    </p>
    <div class="grid">${figures}</div>`;
}

/** Success against the tokens of the longest prompt. */
export function contextFigure(points: readonly ContextPoint[]): Markup | null {
  // One point is in the table as well.
  if (points.length < 2) return null;
  return markup`
    <figure>
      ${canvas('chart-context', 'Verifier success against peak context tokens, by policy and view')}
      <figcaption>
        What a view costs and what is solved with it; upper left is better. Lines through the points are 95 % intervals;
        all figures are in the table below.
      </figcaption>
    </figure>`;
}

function curveTable(curves: readonly Curve[]): Markup | null {
  const rows = curves.flatMap(({ label, points }) =>
    points.map(
      ({ episodes, mean, seeds }) => markup`
        <tr>
          <th scope="row">${label}</th>
          <td class="number">${Math.round(episodes)}</td>
          <td class="number">${mean.toFixed(2)}</td>
          <td class="loose">${seeds.map((value) => value.toFixed(2)).join(', ')}</td>
        </tr>`,
    ),
  );
  return folded(
    'The numbers',
    markup`
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col" class="number">Episodes</th>
              <th scope="col" class="number">Mean</th>
              <th scope="col">Seeds</th>
            </tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>`,
  );
}
