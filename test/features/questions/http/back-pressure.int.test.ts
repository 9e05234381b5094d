import { expect, it } from 'vitest';
import { served } from '../../../support/http/served.ts';

const LINES = 60_000;
const LINE_BYTES = 1_000;
const ENOUGH_FOR_SOCKETS = 24_000_000;

it('slows an upload down to what the log takes, one batch at a time', async () => {
  let [sent, published, publishing, atOnce, furthestAhead] = [0, 0, 0, 0, 0];
  const { api } = await served({
    publish: async (_publish, records) => {
      publishing += 1;
      atOnce = Math.max(atOnce, publishing);
      await new Promise((resolve) => setImmediate(resolve));
      published += records.length * LINE_BYTES;
      furthestAhead = Math.max(furthestAhead, sent - published);
      publishing -= 1;
    },
  });
  async function* lines() {
    for (let line = 0; line < LINES; line += 50) {
      const batch = Array.from({ length: 50 }, (_, index) =>
        `{"question":"${line + index}?","note":"`.padEnd(LINE_BYTES - 3, 'x').concat('"}\n'),
      );
      sent += batch.length * LINE_BYTES;
      yield Buffer.from(batch.join(''));
    }
  }
  const { status, body } = await api.call('/v1/questions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ReadableStream.from(lines()),
  });
  expect([status, body]).toMatchObject([202, { accepted: LINES, rejected: 0 }]);
  expect(atOnce).toBe(1);
  expect(furthestAhead).toBeLessThan(ENOUGH_FOR_SOCKETS);
});
