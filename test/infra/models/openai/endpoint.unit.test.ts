import { describe, expect, it } from 'vitest';
import {
  addressOf,
  admissionMarkOf,
  checkedEndpoint,
  endpointNoticeOf,
  requestTo,
  secretsOfEndpoint,
} from '../../../../src/infra/models/openai/endpoint.ts';

function endpoint(baseUrl: string, apiKey?: string) {
  return { baseUrl, apiKey, apiKeyVariable: 'MY_KEY' };
}

describe('an endpoint', () => {
  it.each([
    ['', 'no URL with a host'],
    ['localhost:8000/v1', 'got localhost:8000/v1'],
    ['api.example.com', 'got api.example.com'],
    ['not a url', 'no URL with a host'],
    ['planted-4711', 'no URL with a host'],
    ['htp//me:planted@x', 'no URL with a host'],
    ['me:planted@host/v1', 'no URL with a host'],
    ['ftp://me:12/planted@host/v1', 'no URL with a host'],
    ['ftp://me:planted@host/v1?key=planted', 'got ftp://host/v1'],
  ])('is not at %j, and is refused without its log-in and its query', (baseUrl, said) => {
    expect(() => checkedEndpoint(endpoint(baseUrl))).toThrow(
      expect.objectContaining({ kind: 'fatal', code: 'bad_setting', message: expect.stringContaining(said) }),
    );
    expect(() => checkedEndpoint(endpoint(baseUrl))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('planted') }),
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

  it('is shown without what looks like a key in its path', () => {
    expect(addressOf(endpoint('https://host/sk-0123456789abcdef/v1'))).toBe('https://host/[key]/v1');
  });

  it('has a mark by what its base URL lets us in with, and none without', () => {
    const mark = (url: string) => admissionMarkOf(endpoint(url));
    expect(mark('https://host/v1?key=planted')).toMatch(/^[0-9a-f]{6}$/);
    expect(mark('https://host/v1?key=planted')).toBe(mark('https://host/v1?key=planted'));
    expect(mark('https://me:planted@host/v1')).not.toBe(mark('https://me:other@host/v1'));
  });

  it('has all its secrets in every form in which a server may repeat them', () => {
    expect(secretsOfEndpoint(endpoint('https://me:p%20w@host/v1?key=q1&v=2', ' sk-1\n'))).toEqual(
      expect.arrayContaining(['sk-1', 'p%20w', 'p w', Buffer.from('me:p w').toString('base64'), 'q1']),
    );
  });

  it('sends the log-in of its base URL as basic auth, and never shows it', () => {
    const { url, headers } = requestTo(checkedEndpoint(endpoint('http://me:s%20t@host/v1/?v=1')), '/models');
    expect(url.href).toBe('http://host/v1/models?v=1');
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from('me:s t').toString('base64')}` });
  });

  it('with a log-in and a key sends the key, says so, and shows neither', () => {
    const both = endpoint('http://me:secret@host/v1', 'sk-1');
    expect(requestTo(checkedEndpoint(both), '/models').headers).toEqual({ authorization: 'Bearer sk-1' });
    expect(endpointNoticeOf(both)).toMatch(
      /^The log-in in the base URL http:\/\/host\/v1 is not sent: .* MY_KEY holds a key/,
    );
    expect(endpointNoticeOf(both)).not.toMatch(/secret|sk-1/);
    expect(endpointNoticeOf(endpoint('http://me:secret@host/v1'))).toBeUndefined();
    expect(endpointNoticeOf(endpoint('http://host/v1', 'sk-1'))).toBeUndefined();
    expect(() => checkedEndpoint(endpoint('ftp://me:secret@host/v1'))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
