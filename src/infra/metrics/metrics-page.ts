import { METRIC_GROUPS, type MetricSpec } from './catalogue.ts';

/** `docs/metrics.md`, made from the catalogue so that it cannot say anything else. */
export function metricsPage(): string {
  const { counters, histograms, process, stored } = METRIC_GROUPS;
  return `# Metrics

<!-- Made by \`npm run docs\` from src/infra/metrics/catalogue.ts: do not edit. -->

\`GET /metrics\` on the port of \`millrace worker --port\` and of \`millrace serve\` answers in the text format of Prometheus. The
scrape needs the token too (\`authorization: {credentials_file: .millrace/http-token}\`), unless the process was started with
\`--no-token\`. \`serve\` works nothing, so it has the gauges of log and store alone.

A dashboard for Grafana and alerting rules for Prometheus are in [deploy](../deploy).

## Counters

Of this process since it started; they begin at 0 again with it. Use \`rate()\` and \`increase()\`, which know that, and sum over
processes: \`sum(rate(millrace_calls_total[5m])) by (stage)\`. What another process took over and finished counts there.

${table(counters)}

Past 50 names of models, all others are counted as \`other\`. A [shadow judge](shadow-judge.md) is the stage \`shadow NAME\`: it
counts in calls, tokens and cost, and it ends no question.

## Histograms

${table(histograms)}

## This process now

${table(process)}

Kinds of alarms: see [alerts.yml](../deploy/alerts.yml), which says for each what it means and what to do.

## Log and store

Absolute: the same from every process, and not reset by a restart. Do not sum them over processes: use \`max\`. The lag is read at
most every 5 s, the rest at most every 30 s, however often it is scraped.

${table(stored)}
`;
}

function table(specs: Readonly<Record<string, MetricSpec>>): string {
  const rows = Object.entries(specs).map(([name, { labels, help }]) => {
    const shown = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${shown} | ${help} |`;
  });
  return ['| name | labels | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
