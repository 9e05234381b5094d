import { expect } from 'vitest';
import { z } from 'zod';

const mediaSchema = z.record(
  z.string(),
  z.looseObject({ schema: z.record(z.string(), z.unknown()).optional() }),
);
const operationSchema = z.looseObject({
  responses: z.record(z.string(), z.looseObject({ content: mediaSchema.optional() })),
});
export const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
type Document = z.output<typeof documentSchema>;

type Answer = Readonly<{ status: number; headers: Headers; body: unknown }>;
type Call = Readonly<{
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: NonNullable<RequestInit['body']>;
}>;

/** The API at an address. Every reply has to be what its OpenAPI document says. */
export type Api = Readonly<{
  call(path: string, call?: Call): Promise<Answer>;
  post(body: unknown, path?: string): Promise<Answer>;
  postLines(lines: readonly string[], path?: string): Promise<Answer>;
}>;

export async function apiAt(address: string, token?: string): Promise<Api> {
  const response = await fetch(`${address}/v1/openapi.json`);
  const document = documentSchema.parse(await response.json());
  const call: Api['call'] = async (path, { method = 'GET', headers = {}, body } = {}) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const reply = await fetch(`${address}${path}`, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
    const text = await reply.text();
    const answer = {
      status: reply.status,
      headers: reply.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    expectAsDocumented(document, `${method} ${path}`, answer);
    return answer;
  };
  const send = (type: string, body: string, path = '/v1/questions') =>
    call(path, { method: 'POST', headers: { 'content-type': type }, body });
  return {
    call,
    post: (body, path) => send('application/json', JSON.stringify(body), path),
    postLines: (lines, path) => send('application/x-ndjson', `${lines.join('\n')}\n`, path),
  };
}

function expectAsDocumented(document: Document, request: string, { status, headers, body }: Answer): void {
  const media = headers.get('content-type')?.split(';', 1)[0] ?? '';
  const what = `${request} -> ${status} ${media}`;
  const responses = responsesFor(document, request);
  const content = (responses[String(status)] ?? responses['default'])?.content;
  if (status === 204) {
    expect([content, body], what).toEqual([undefined, undefined]);
    return;
  }
  if (content !== undefined) expect(Object.keys(content), what).toContain(media);
  const isProblem = content === undefined || media === 'application/problem+json';
  const schema = isProblem ? document.components.schemas['Problem'] : content[media]?.schema;
  if (schema !== undefined)
    expect(z.fromJSONSchema(schema).safeParse(body).error?.issues, what).toBeUndefined();
}

/** Of a path that is not in the document only problems may come. */
function responsesFor({ paths }: Document, request: string) {
  const [method = '', path = ''] = request.split(' ');
  const asked = path.split('?', 1)[0] ?? '';
  const known = Object.entries(paths).find(([each]) =>
    new RegExp(`^${each.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(asked),
  );
  return known?.[1][method.toLowerCase()]?.responses ?? {};
}
