import { familyFrom } from '../goals/family-from.ts';
import timeZone from '../goals/sources/time-zone.ts';

/** Converts a time to another zone and does something with it. */
export default familyFrom('from-time', [timeZone]);
