import type { ChartData } from './chart-data.ts';
import type { Sample } from './sample.ts';

/** What a report's page holds as JSON for the scripts of `page/`. */
export interface PageData {
  readonly charts: ChartData;
  /** What charts and tables call the arm of a job. */
  readonly arms: Readonly<Record<string, string>>;
  readonly sample: Sample;
}
