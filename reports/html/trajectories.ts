import { episodesOf } from '../../core/run/episodes-of.ts';
import type { Run } from '../../core/record/read-run.ts';
import { markup, type Markup } from '../markup.ts';
import type { Sample } from './sample.ts';

/** Of a training only some of the episodes are recorded. */
function unrecorded({ manifest: { jobs }, episodes }: Run): string {
  const every = new Set(jobs.flatMap(({ training }) => training?.recordEvery ?? []));
  if (every.size === 0) return '';
  const planned = jobs.reduce((sum, job) => sum + episodesOf(job), 0);
  return `: of the ${planned} that the run plays, ${episodes.length} are recorded, since of a training only every ${[...every].join(' or ')}th update is`;
}

// `page/picker.js` fills these lists by their ids, `page/trajectories.js` shows what was chosen.

const select = (name: string, label: string): Markup =>
  markup`<label>${label}<select id="pick-${name}"></select></label>`;

/** The part of the page that shows one trajectory at a time; nothing where the run has none. */
export default function trajectories(run: Run, { trajectories: chosen, recorded, tooLong }: Sample): Markup | null {
  if (chosen.length === 0 && tooLong === 0) return null;
  return markup`
    <p>
      ${chosen.length} of ${recorded} recorded episodes, as many as fit in this page: in turn one of each job, split,
      task family and outcome, failures first, then a few of each training${tooLong === 0 ? null : `, but for ${tooLong} that would fill it alone`}. This isn’t a random
      sample; don’t compute rates from it. All recorded episodes are in <code>trajectories.jsonl</code>${unrecorded(run)}. ✓ is verified, ✗ is not, ? is for a judge.
    </p>
    <div class="picker">
      ${select('outcome', 'Outcome')}
      ${select('family', 'Family')}
      ${select('split', 'Split')}
      ${select('tool', 'Tool')}
      ${select('reason', 'Reason')}
      ${select('job', 'Job')}
      <button type="button" id="pick-all">Show all</button>
    </div>
    <div class="picker">
      ${select('episode', 'Trajectory')}
      <button type="button" id="pick-previous">Previous</button>
      <button type="button" id="pick-next">Next</button>
      <a id="pick-address" href="#trajectories">address of this trajectory</a>
    </div>
    <p id="picked" aria-live="polite"></p>
    <div id="trajectory"></div>
    <noscript>
      <p class="note">
        Trajectories need JavaScript; the tables above do not. The record is in${' '}
        ${run.manifest.name}/trajectories.jsonl.
      </p>
    </noscript>`;
}
