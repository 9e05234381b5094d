import { expect, it } from 'vitest';
import { logRecordOf } from '../../../../src/infra/engines/kafka/record.ts';

it('a header without a value is empty, and of several values the last one counts', () => {
  const headers = { none: null, several: [Buffer.from('a'), null], text: Buffer.from('b') };
  const message = { headers, key: null, value: null, timestamp: '0', attributes: 0, offset: '7' };
  const record = logRecordOf('t', 0, message);
  expect(record.headers).toEqual({ none: '', several: '', text: 'b' });
});
