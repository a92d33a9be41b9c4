import type { CalibrationStamp } from '../calibration-types.ts';

/** A stamp in one line. */
export default function stampText({ name, build, prompt, labels, ...stamp }: CalibrationStamp): string {
  const { balancedAccuracy: accuracy, items, tasks, answered } = stamp;
  const ends =
    accuracy?.low == null || accuracy.high == null ? '' : ` [${fixed(accuracy.low)}, ${fixed(accuracy.high)}]`;
  const figure = accuracy === null ? 'no balanced accuracy' : `balanced accuracy ${fixed(accuracy.value)}${ends}`;
  const share = answered === null ? '' : `, ${(100 * answered).toFixed(0)} % answered`;
  const instructions = prompt === null ? '' : `, prompt ${prompt.slice(0, 8)}`;
  return `${name} (${build}${instructions}): ${figure} on ${items} labels of ${tasks} tasks${share}; label set ${labels.slice(0, 8)}`;
}

const fixed = (value: number): string => value.toFixed(2);
