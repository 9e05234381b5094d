import { describe, expect, it } from 'vitest';
import { addressOf, checkedEndpoint, requestTo } from '../../../src/infra/llm/endpoint.ts';

function endpoint(baseUrl: string, apiKey?: string) {
  return { baseUrl, apiKey, apiKeyVariable: 'MY_KEY' };
}

describe('an endpoint', () => {
  it.each(['', 'localhost:8000/v1', 'ftp://host/v1', 'not a url'])('is not at %j', (baseUrl) => {
    expect(() => checkedEndpoint(endpoint(baseUrl))).toThrow(
      expect.objectContaining({
        kind: 'fatal',
        code: 'bad_setting',
        message: expect.stringContaining(JSON.stringify(baseUrl)),
      }),
    );
  });

  it('has no key if that is empty, and a trimmed one otherwise', () => {
    expect(checkedEndpoint(endpoint('http://host/v1', '  ')).apiKey).toBeUndefined();
    expect(checkedEndpoint(endpoint('http://host/v1', ' sk-1\n')).apiKey).toBe('sk-1');
  });

  it('refuses a key that no header can carry, without showing it', () => {
    expect(() => checkedEndpoint(endpoint('http://host/v1', 'sk-1\nsk-2'))).toThrow(
      expect.objectContaining({ code: 'bad_setting', message: expect.not.stringContaining('sk-') }),
    );
    expect(() => checkedEndpoint(endpoint('http://host/v1', 'sk-é'))).toThrow(/MY_KEY/);
  });

  it('is shown without credentials, query and trailing slash', () => {
    expect(addressOf(endpoint('https://me:secret@host:8000/v1/?key=secret'))).toBe('https://host:8000/v1');
  });

  it('sends the log-in of its base URL as basic auth, and never shows it', () => {
    const { url, headers } = requestTo(checkedEndpoint(endpoint('http://me:s%20t@host/v1/?v=1')), '/models');
    expect(url.href).toBe('http://host/v1/models?v=1');
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from('me:s t').toString('base64')}` });
  });

  it('with a log-in and a key is refused with what to do, and shows neither', () => {
    expect(() => checkedEndpoint(endpoint('http://me:secret@host/v1', 'sk-1'))).toThrow(
      expect.objectContaining({ code: 'bad_setting', message: expect.not.stringMatching(/secret|sk-1/) }),
    );
    expect(() => checkedEndpoint(endpoint('ftp://me:secret@host/v1'))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
