import { describe, expect, it } from 'vitest';
import { answerOn, postHead, rawConnection, rawRequest } from '../../support/http/raw-request.ts';
import { questionsIn, served } from '../../support/http/served.ts';
import { until } from '../../support/until.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const line = (text: string) => `{"question":"${text}"}\n`;

describe('a body that means harm', () => {
  it('is refused when it is nested without end', async () => {
    const { api, engine } = await served();
    const deep = '['.repeat(200_000);
    const call = (body: string) => api.call('/v1/questions', { method: 'POST', headers: JSON_TYPE, body });
    expect((await call(deep)).body).toMatchObject({ status: 400, code: 'too_deep' });
    const closed = await call(deep + ']'.repeat(200_000));
    expect(closed.body).toMatchObject({ status: 400, code: 'too_deep' });
    const metadata = `{"question":"Why?","metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    expect((await api.postLines([metadata, '"How?"'])).body).toMatchObject({ accepted: 1, rejected: 1 });
    expect(await questionsIn(engine.log)).toHaveLength(1);
  });

  it('spoils only its own line when a line has no end', async () => {
    const { api } = await served({ intakeLimits: { entryBytes: 10_000 } });
    const { body } = await api.postLines(['"Why?"', `"${'x'.repeat(300_000)}"`, '"How?"']);
    expect(body).toMatchObject({
      accepted: 2,
      results: [{ line: 1 }, { line: 2, reason: expect.stringContaining('too long') }, { line: 3 }],
    });
  });

  it('is stopped at the size limit, announced or not', async () => {
    const { api, engine } = await served({ intakeLimits: { jsonBytes: 1_000, ndjsonBytes: 200_000 } });
    const large = await api.post({ question: 'x'.repeat(2_000) });
    expect(large.body).toMatchObject({ status: 413, code: 'body_too_large', acknowledged: 0 });
    const stream = ReadableStream.from(
      Array.from({ length: 100 }, (_, index) => Buffer.from(line(`${index}${'x'.repeat(9_000)}`))),
    );
    const { body } = await api.call('/v1/questions', { method: 'POST', headers: NDJSON, body: stream });
    expect(body).toMatchObject({ status: 413, code: 'body_too_large' });
    const { length } = await questionsIn(engine.log);
    expect(body).toMatchObject({ acknowledged: length, settledLine: length });
  });

  it('is stopped at the number of questions', async () => {
    const { api } = await served({ intakeLimits: { entries: 3 } });
    const { body } = await api.post(['1?', '2?', '3?', '4?']);
    expect(body).toMatchObject({ status: 413, code: 'too_many_entries' });
    expect((await api.post(['1?', '2?', '3?'])).status).toBe(202);
  });

  it('is refused where it is neither UTF-8 nor UTF-16, or only its line is', async () => {
    const { api } = await served();
    const latin = Buffer.from([0x22, 0xe9, 0x3f, 0x22]);
    const call = (headers: Record<string, string>, body: Uint8Array<ArrayBuffer>) =>
      api.call('/v1/questions', { method: 'POST', headers, body });
    expect((await call(JSON_TYPE, latin)).body).toMatchObject({ status: 400, code: 'not_json' });
    const utf16 = Buffer.from('\ufeff"Why?"\n', 'utf16le');
    expect((await call(NDJSON, utf16)).body).toMatchObject({ accepted: 1, rejected: 0 });
    const mixed = Buffer.concat([latin, Buffer.from('\n"How?"\n')]);
    expect((await call(NDJSON, mixed)).body).toMatchObject({ accepted: 1, rejected: 1 });
    const marked = Buffer.from('\ufeff"Why?"\n');
    expect((await call(NDJSON, marked)).body).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it('is refused where its type or encoding is not known', async () => {
    const { api } = await served();
    const call = (headers: Record<string, string>) =>
      api.call('/v1/questions', { method: 'POST', headers, body: Buffer.from('"Why?"') });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ])
      expect((await call({ 'content-type': type })).body).toMatchObject({ status: 415 });
    const zipped = await call({ ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect(zipped.body).toMatchObject({ status: 415, code: 'encoded_body' });
    expect((await call({ 'content-type': 'Application/JSON ; charset=utf-8' })).status).toBe(202);
  });

  it('is given up when it stops coming', async () => {
    const { address } = await served({ intakeLimits: { idleBodyMs: 50 }, limits: { lingerMs: 10 } });
    const answer = await rawRequest(address, `${postHead('Content-Length: 1000')}${line('Why?')}`);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"slow_body"');
  });

  it('is kept as far as it came when its client goes away, and nobody else notices', async () => {
    const { address, api, engine } = await served();
    const socket = rawConnection(address);
    socket.write(`${postHead('Transfer-Encoding: chunked')}`);
    const chunk = line('Why?') + line('How').slice(0, 8);
    socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    await until('the whole line is there', async () => (await questionsIn(engine.log)).length === 1);
    socket.destroy();
    expect((await api.post('When?')).status).toBe(202);
    expect((await questionsIn(engine.log)).map(({ question }) => question.text)).toEqual(['Why?', 'When?']);
  });
});

describe('a request that means harm', () => {
  it('is refused when its headers are too large, too slow, or none', async () => {
    const limits = { headerBytes: 4_096, headersTimeoutMs: 100, requestTimeoutMs: 200, checkMs: 50 };
    const { address, api } = await served({ limits });
    const large = `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(8_000)}\r\n\r\n`;
    expect(await rawRequest(address, large)).toMatch(/^HTTP\/1.1 431 .*"code":"headers_too_large"/s);
    expect(await rawRequest(address, 'GET /livez HTTP/1.1\r\n')).toMatch(
      /^HTTP\/1.1 408 .*"code":"slow_request"/s,
    );
    expect(await rawRequest(address, '\x16\x03\x01\x02\x00\x01\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 .*"bad_http"/s,
    );
    const smuggled = postHead('Content-Length: 5', 'Transfer-Encoding: chunked');
    expect(await rawRequest(address, `${smuggled}0\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
    expect((await api.call('/livez')).status).toBe(200);
  });

  it('finds no file, whatever its path', async () => {
    const { address } = await served();
    const paths = [
      '/../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/v1/../../package.json',
      '//etc/passwd',
      '/v1/questions/..%2f..%2f..%2fetc%2fpasswd',
      '/v1/questions/%00',
      '/v1/runs/..%2f..%2fx',
      '/v1/questions/%zz',
      `/v1/questions/${'a'.repeat(5_000)}`,
      '/package.json',
      '/\\..\\..\\windows',
    ];
    for (const path of paths) {
      const socket = rawConnection(address);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      const answer = await answerOn(socket);
      expect(answer, path).toMatch(/^HTTP\/1.1 (?:400|404|414) /);
      expect(answer, path).toContain('application/problem+json');
    }
  });

  it('is refused under a foreign name and from a foreign page', async () => {
    const { address } = await served();
    const ask = (...headers: readonly string[]) =>
      rawRequest(address, `GET /v1/status HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    const { host } = new URL(address);
    for (const name of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      'x@localhost',
    ])
      expect(await ask(`Host: ${name}`), name).toContain('"code":"foreign_host"');
    for (const name of [host, 'localhost', 'localhost:1', '[::1]:8431', 'millrace.localhost'])
      expect(await ask(`Host: ${name}`), name).toMatch(/^HTTP\/1.1 200 /);
    for (const origin of ['https://evil.example', 'null', 'http://localhost:9'])
      expect(await ask(`Host: ${host}`, `Origin: ${origin}`), origin).toContain('"code":"foreign_origin"');
    expect(await ask(`Host: ${host}`, `Origin: ${address}`)).toMatch(/^HTTP\/1.1 200 /);
    for (const site of ['cross-site', 'same-site'])
      for (const mode of ['no-cors', 'cors', 'navigate'])
        expect(await ask(`Host: ${host}`, `Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`)).toContain(
          '"code":"foreign_origin"',
        );
    for (const site of ['same-origin', 'none'])
      expect(await ask(`Host: ${host}`, `Sec-Fetch-Site: ${site}`)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('may come under any name where it brings the token, as behind a proxy', async () => {
    const token = '0123456789abcdef'.repeat(2);
    const { address } = await served({ token });
    const headers = ['Host: millrace.example', 'Origin: https://pages.example', 'Connection: close'];
    const ask = (...more: readonly string[]) =>
      rawRequest(address, `GET /v1/status HTTP/1.1\r\n${[...headers, ...more].join('\r\n')}\r\n\r\n`);
    expect(await ask(`Authorization: Bearer ${token}`)).toMatch(/^HTTP\/1.1 200 /);
    expect(await ask()).toMatch(/^HTTP\/1.1 401 /);
  });

  it('gets no more room than there is', async () => {
    const gate = Promise.withResolvers<void>();
    let publishing = 0;
    const { api } = await served({
      intakeLimits: { requests: 2 },
      publish: async (publish) => {
        publishing += 1;
        await gate.promise;
        await publish();
      },
    });
    const first = [api.post('1?'), api.post('2?')];
    await until('both are at work', () => publishing === 2);
    const refused = await api.post('3?');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    gate.resolve();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await api.post('3?')).status).toBe(202);
  });

  it('holds no more memory than its share', async () => {
    const gate = Promise.withResolvers<void>();
    let publishing = 0;
    const { api } = await served({
      intakeLimits: { heldBytes: 3_000 },
      publish: async (publish) => {
        publishing += 1;
        await gate.promise;
        await publish();
      },
    });
    const first = api.post({ question: 'Why?', context: 'x'.repeat(2_000) });
    await until('it is at work', () => publishing === 1);
    expect((await api.post({ question: 'How?', context: 'x'.repeat(2_000) })).body).toMatchObject({
      code: 'busy',
    });
    gate.resolve();
    expect((await first).status).toBe(202);
    expect((await api.post({ question: 'When?', context: 'x'.repeat(9_000) })).status).toBe(202);
  });

  it('waits outside while the backlog is at its limit', async () => {
    const { api, engine } = await served({ maxBacklog: 3 });
    expect((await api.post(['1?', '2?', '3?'])).status).toBe(202);
    const refused = await until('the backlog is seen', async () => {
      const answer = await api.post('4?');
      return answer.status === 429 && answer;
    });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(refused.body).toMatchObject({ code: 'backlog' });
    const before = (await questionsIn(engine.log)).length;
    expect((await api.post('5?')).status).toBe(429);
    expect(await questionsIn(engine.log)).toHaveLength(before);
  });
});
