export { note as default } from '../../lib/play.ts';
