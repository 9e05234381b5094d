import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { documentSchema } from '../../support/http/api.ts';
import { served } from '../../support/http/served.ts';

const operation = z.looseObject({
  operationId: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean() })),
});

async function documentOf(address: string) {
  return documentSchema.parse(await (await fetch(`${address}/v1/openapi.json`)).json());
}

it('is a valid OpenAPI 3.1 document', async () => {
  const { address } = await served();
  const document = await documentOf(address);
  const { valid, errors } = await new Validator().validate(document);
  expect([valid, errors]).toEqual([true, undefined]);
  expect(document.openapi).toBe('3.1.1');
});

it('tells of every route, its parameters, and whether it asks for the token', async () => {
  const { address } = await served();
  const { paths } = await documentOf(address);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => {
      const { security, parameters } = operation.parse(each);
      const names = parameters.map(
        ({ name, in: place, required }) => `${place} ${name}${required ? '!' : ''}`,
      );
      return `${method} ${path} (${names.join(', ')})${security === undefined ? ' open' : ''}`;
    }),
  );
  expect(operations).toEqual([
    'get /livez () open',
    'get /readyz () open',
    'post /v1/questions (query topic, query sub_topic, query training_type, query from)',
    'get /v1/questions/{id} (path id!, query lane)',
    'get /v1/runs/{run} (path run!)',
    'get /v1/status (query lane)',
    'get /v1/openapi.json () open',
  ]);
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map((each) => operation.parse(each).operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});
