import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { markup, rawMarkup, scriptJson, type Markup } from '../markup.ts';

export interface DocumentParts {
  readonly title: string;
  /** Lines of the body. */
  readonly body: readonly Markup[];
  /** What the page's scripts read as `#report-data`; `null`: the page has no script. */
  readonly data: object | null;
  /** Those of `page/` that read them; by default the report's. */
  readonly scripts?: readonly string[];
}

/**
 * A whole page that opens offline: the style sheet, and where there are data also chart.js and the scripts of `page/`, inside;
 * and a policy that forbids every request.
 */
export default function documentHtml({ title, body, data, scripts = reportScripts }: DocumentParts): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; ${data ? "script-src 'unsafe-inline'; " : ''}img-src data:`;
  const lines = [
    markup`<!doctype html>`,
    markup`<html lang="en">`,
    markup`<head>`,
    markup`<meta charset="utf-8">`,
    markup`<meta name="viewport" content="width=device-width, initial-scale=1">`,
    markup`<meta http-equiv="Content-Security-Policy" content="${rawMarkup(policy)}">`,
    markup`<title>${title}</title>`,
    markup`<link rel="icon" href="data:,">`,
    markup`<style>${rawMarkup(styleFiles.map(pageFile).join(''))}</style>`,
    markup`</head>`,
    markup`<body>`,
    ...body,
    ...(data ? scriptElements(data, scripts) : []),
    markup`</body>`,
    markup`</html>`,
  ];
  return `${lines.join('\n')}\n`;
}

/** In the order in which later rules go before earlier ones. */
const styleFiles = ['layout.css', 'tables.css', 'trajectories.css', 'media.css', 'print.css'];

const reportScripts = ['forests.js', 'growth.js', 'charts.js', 'trajectories.js', 'picker.js', 'print.js'];

/** Modules wait until the page has been read, and keep their names to themselves. */
const scriptElements = (data: object, files: readonly string[]): Markup[] => [
  markup`<script type="application/json" id="report-data">${scriptJson(data)}</script>`,
  markup`<script>${rawMarkup(chartLibrary())}</script>`,
  ...files.map((file) => markup`<script type="module">${rawMarkup(pageFile(file))}</script>`),
];

const pageFile = (name: string): string => `\n${readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')}`;

/** The browser build of chart.js, which the package does not export by name; its source map reference would be a request. */
function chartLibrary(): string {
  const main = createRequire(import.meta.url).resolve('chart.js');
  return readFileSync(join(dirname(main), 'chart.umd.min.js'), 'utf8')
    .replace(/\/\/# sourceMappingURL=.*/, '')
    .trim();
}
