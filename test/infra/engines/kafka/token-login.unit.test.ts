import type { SaslAuthenticateArgs } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { BringToken } from '../../../../src/infra/config/server-settings.ts';
import { kafkaClient } from '../../../../src/infra/engines/kafka/client.ts';
import { tokenLogin } from '../../../../src/infra/engines/kafka/token-login.ts';
import { failureOf } from '../../../support/failure-of.ts';

/** Logs in with that token to a broker that answers so. Gives what was sent, without its length. */
async function login(bring: BringToken, answer = ''): Promise<string> {
  let sent = '';
  const authenticator = tokenLogin(bring).authenticationProvider({
    ...{ host: 'broker', port: 9_093 },
    logger: kafkaClient({ clientId: 'test', brokers: ['broker:9093'] }).logger(),
    saslAuthenticate: async <T>({ request, response }: SaslAuthenticateArgs<T>) => {
      sent = (await request.encode()).toString('utf8', 4);
      return response?.parse(await response.decode(Buffer.from(`\0\0\0\0${answer}`)));
    },
  });
  await authenticator.authenticate();
  return sent;
}

describe('a login by a token', () => {
  it('is written as RFC 7628 has it', async () => {
    expect(await login(async () => 'abc')).toBe('n,,\u0001auth=Bearer abc\u0001\u0001');
    const extensions = { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' };
    expect(await login(async () => ({ value: 'abc', extensions }))).toBe(
      'n,,\u0001auth=Bearer abc\u0001logicalCluster=lkc-1\u0001identityPoolId=pool-2\u0001\u0001',
    );
  });

  it('is refused by any answer', async () => {
    const failure = await failureOf(() => login(async () => 'abc', '{"status":"invalid_token"}'));
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('{"status":"invalid_token"}');
  });

  it.each([
    '',
    'a blank',
    'secret\u0001auth=Bearer other',
    { value: 'secret', extensions: { auth: 'another' } },
  ])('takes no %j for a token', async (brought) => {
    const failure = await failureOf(() => login(async () => brought));
    expect(failure.kind).toBe('fatal');
    expect(failure.message).toContain('kafkaToken brought no token: expected its text');
    expect(failure.message).not.toContain('secret');
  });
});
