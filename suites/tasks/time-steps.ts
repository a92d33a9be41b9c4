import { contentOf, type Draw } from './draw.ts';
import { unchanged } from './state.ts';
import type { Step } from './step.ts';

/** Time zones that keep one offset all the year, in minutes east of UTC, so that no date depends on a zone database. */
export const zoneOffsets: Readonly<Record<string, number>> = {
  'Africa/Abidjan': 0,
  'Africa/Accra': 0,
  'Africa/Addis_Ababa': 180,
  'Africa/Algiers': 60,
  'Africa/Harare': 120,
  'Africa/Johannesburg': 120,
  'Africa/Kampala': 180,
  'Africa/Kinshasa': 60,
  'Africa/Lagos': 60,
  'Africa/Luanda': 60,
  'Africa/Maputo': 120,
  'Africa/Nairobi': 180,
  'Africa/Tunis': 60,
  'America/Bogota': -300,
  'America/Caracas': -240,
  'America/Guayaquil': -300,
  'America/Jamaica': -300,
  'America/La_Paz': -240,
  'America/Lima': -300,
  'America/Panama': -300,
  'America/Phoenix': -420,
  'America/Puerto_Rico': -240,
  'Asia/Baghdad': 180,
  'Asia/Bangkok': 420,
  'Asia/Colombo': 330,
  'Asia/Dhaka': 360,
  'Asia/Dubai': 240,
  'Asia/Hong_Kong': 480,
  'Asia/Jakarta': 420,
  'Asia/Kabul': 270,
  'Asia/Karachi': 300,
  'Asia/Kathmandu': 345,
  'Asia/Kolkata': 330,
  'Asia/Manila': 480,
  'Asia/Qatar': 180,
  'Asia/Riyadh': 180,
  'Asia/Seoul': 540,
  'Asia/Shanghai': 480,
  'Asia/Singapore': 480,
  'Asia/Taipei': 480,
  'Asia/Tashkent': 300,
  'Asia/Tokyo': 540,
  'Atlantic/Reykjavik': 0,
  'Australia/Brisbane': 600,
  'Australia/Darwin': 570,
  'Indian/Maldives': 300,
  'Indian/Mauritius': 240,
  'Pacific/Guam': 600,
  'Pacific/Honolulu': -600,
  'Pacific/Port_Moresby': 600,
};

/** `time` is `YYYY-MM-DD HH:mm:ss` on the clocks of the source zone. */
export const convertTime = (time: string, sourceTimezone: string, targetTimezone: string): Step => ({
  server: 'time',
  tool: 'convert_time',
  arguments: { sourceTimezone, targetTimezone, time },
  change: unchanged,
});

/** What `convertTime` says, in the same form. */
export function convertedTime(time: string, source: string, target: string): string {
  const minutes = offsetOf(target) - offsetOf(source);
  const moment = new Date(Date.parse(`${time.replace(' ', 'T')}Z`) + minutes * 60_000);
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

/** A time zone of the draw's pool whose offset differs from that of another one. */
export function drawZone(draw: Draw, other?: string): string {
  const zones = zonesOf.get(draw.content) ?? [];
  return draw.pick(other === undefined ? zones : zones.filter((zone) => offsetOf(zone) !== offsetOf(other)));
}

const zonesOf = Map.groupBy(Object.keys(zoneOffsets), contentOf);

/** A date and time of the draw's pool in the years 2026 to 2028, on a whole minute. */
export function drawTime(draw: Draw): string {
  const first = Date.parse('2026-01-01T00:00:00Z');
  for (;;) {
    const moment = new Date(first + draw.below(3 * 365 * 24 * 60) * 60_000);
    const text = moment.toISOString().slice(0, 19).replace('T', ' ');
    if (contentOf(text) === draw.content) return text;
  }
}

function offsetOf(zone: string): number {
  const offset = zoneOffsets[zone];
  if (offset === undefined) throw new RangeError(`the offset of ${zone} is not known`);
  return offset;
}
