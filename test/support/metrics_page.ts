/** `docs/metrics.md`, from the table of series. @module */

import type { KnownSeries } from "../../src/http/known_series.ts";

const HEAD = `# Metrics

\`GET /metrics\` is for Prometheus, in its text format (0.0.4). [deployment.md](deployment.md#watching-it) says how it is scraped, [alerts.yml](alerts.yml) has alerts worth having, and \`examples/grafana-dashboard.json\` is a dashboard of all this for Grafana.

Everything is of the whole process: no series is of one session, so that their number is bounded; [\`GET /sessions/{id}\`](api.md#get-sessionsid) tells of one. Counters and histograms begin anew with the process, durations are in seconds, and a histogram's buckets end at
1, 2.5 and 5 of each decade from 0.0001 to 100 s. What a label may say is always there, with 0 where nothing was.

The delays are Spark's: a batch waits (*scheduling*), is counted (*processing*), and both are its *total* delay. Then it is kept (*commit*) and written to its followers (*delivery*); *lateness* is from the batch's time to the end of all that. Delivery is measured for those who keep up; the others are seen in \`sluice_follower_lag_batches_max\`.

| series | type | labels | what it is |
|---|---|---|---|
`;

/** More values than this are named by the page that has them. */
const MOST_VALUES = 12;

/** The page. */
export function metricsPage(series: readonly KnownSeries[]): string {
  const rows = series.map(
    ({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labelsCell(labels)} | ${help} |\n`,
  );
  return HEAD + rows.join("");
}

function labelsCell(labels: KnownSeries["labels"]): string {
  return Object.entries(labels)
    .map(([label, values]) => (values.length === 0 ? `\`${label}\`` : `\`${label}\`: ${valuesText(values)}`))
    .join("; ");
}

function valuesText(values: readonly string[]): string {
  if (values.length > MOST_VALUES) return `a name of [problems.md](problems.md), or \`${values.at(-1)}\``;
  return values.map((value) => `\`${value}\``).join(", ");
}
