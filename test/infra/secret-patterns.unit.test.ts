import { expect, it } from 'vitest';
import { secretTextsIn, secretTextsOfUrl } from '../../src/infra/secret-patterns.ts';

it('of an extra body everything long is a secret, and what stands under the name of one', () => {
  const body = {
    reasoning_effort: 'low',
    top_k: 20,
    user: { api_key: 'abc', ids: ['a-long-text'] },
    pin_token: 4711,
  };
  expect(secretTextsIn(body)).toEqual(['abc', 'a-long-text', '4711']);
});

it('of a URL the password is one as it is written, as it is meant and as it is sent', () => {
  const sent = Buffer.from('me:p w').toString('base64');
  expect(secretTextsOfUrl('https://me:p%20w@host/v1?api-version=2024')).toEqual(['p%20w', 'p w', sent]);
});

it('of a URL a name without a password is one, and what the query names a key', () => {
  expect(secretTextsOfUrl('https://abcd@host/?key=xyz&v=1')).toEqual(['abcd', 'abcd', 'xyz']);
  expect(secretTextsOfUrl('no URL')).toEqual([]);
});
