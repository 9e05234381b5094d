import { expect, it } from 'vitest';
import { arrivedReply } from '../../../src/infra/journal/arrived-reply.ts';
import type { Arrival } from '../../../src/streams/work/journal.ts';

it('An answer that is no completion is told of without our secrets, which a server may send back', async () => {
  const arrival = { form: 'completion', model: 'm', codings: '' } as Arrival;
  const body = Buffer.from('Forbidden: the key planted-4711 is not known');
  const reading = { prices: {}, secrets: ['planted-4711'] };
  const failure: unknown = await arrivedReply(arrival, body, reading).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'malformed_response',
    facts: { reply: { text: expect.any(String) } },
  });
  expect(JSON.stringify(failure) + String(failure)).not.toContain('4711');
});
