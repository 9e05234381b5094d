import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { METRIC_GROUPS, type MetricSpec } from '../../src/infra/metrics/catalogue.ts';
import { ALARM_KINDS } from '../../src/streams/alarms.ts';

const fileOf = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

const alerts = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            annotations: z.object({ summary: z.string().min(20), description: z.string().min(20) }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(fileOf('alerts.yml')))
  .groups.flatMap(({ rules }) => rules);

const panels = z
  .object({ panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })) })
  .parse(JSON.parse(fileOf('grafana-dashboard.json'))).panels;

const specs: Readonly<Record<string, MetricSpec>> = Object.assign({}, ...Object.values(METRIC_GROUPS));
const SERIES = new Set(
  Object.entries(specs).flatMap(([name, { kind }]) =>
    kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
  ),
);

describe('what deploy has for monitoring', () => {
  it('names only metrics that there are', () => {
    const expressions = [
      ...alerts.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const named = expressions.flatMap((expr) => expr.match(/millrace_[a-z_]+/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !SERIES.has(name))).toEqual([]);
  });

  it('has one rule for each alarm, with what it means and what to do', () => {
    const kinds = alerts.flatMap(
      ({ expr }) => /^millrace_alarms\{kind="([a-z_]+)"\} > 0$/.exec(expr)?.[1] ?? [],
    );
    expect(kinds.toSorted()).toEqual([...ALARM_KINDS].toSorted());
  });
});
