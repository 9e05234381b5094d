import { expect, it } from 'vitest';
import { reportingExporter } from '../../../src/infra/traces/reporting-exporter.ts';

const secret = 'https://user:secret@collector';

it('a collector that is away is told of once per outage, by no text that could hold a key', () => {
  const results = [0, 1, 1, 0, 1].map((code) => ({ code, error: new TypeError(`cannot reach ${secret}`) }));
  const told: string[] = [];
  const exporter = reportingExporter(
    {
      export: (_spans, done) => {
        const result = results.shift();
        if (result !== undefined) done(result);
      },
      shutdown: async () => undefined,
    },
    (text) => void told.push(text),
  );
  for (let count = 0; count < 5; count += 1) exporter.export([], () => undefined);
  expect(told).toEqual(Array(2).fill('The collector does not take the traces (TypeError); work goes on.'));
});
