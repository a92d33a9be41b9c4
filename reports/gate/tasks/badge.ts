import type { TasksGate } from './compare.ts';
import { verdictText } from './lines.ts';
import { share } from './power.ts';

const colours = {
  pass: 'brightgreen',
  regressed: 'red',
  'not-enough-data': 'yellow',
  drift: 'orange',
} as const;

/** A badge as JSON, in the form of an endpoint of shields.io. */
export const gateBadge = ({ verdict, mean }: TasksGate): string =>
  `${JSON.stringify({
    schemaVersion: 1,
    label: 'toolstone gate',
    message: `${verdictText(verdict)}${mean === null ? '' : `, ${share(mean)}`}`,
    color: colours[verdict],
  })}\n`;
