import { z } from 'zod';
import { PROBLEM_TYPE, problemSchema } from './problem.ts';
import type { ReplySpec, Route } from './route.ts';

const NO_CONTENT = 204;
const JSON_TYPE = 'application/json';
const PROBLEM = { $ref: '#/components/schemas/Problem' };

type Json = Readonly<Record<string, unknown>>;

/**
 * The OpenAPI 3.1 document of the routes. Its schemas are JSON Schema 2020-12, which is what zod writes, so nothing is
 * translated: https://spec.openapis.org/oas/v3.1.1.html#schema-object.
 */
export function openApiOf(
  routes: readonly Route[],
  { title, version, token }: { title: string; version: string; token: 'needed' | 'optional' },
): Json {
  const shown = routes.filter(({ hidden }) => hidden !== true);
  const paths = Map.groupBy(shown, ({ path }) => path.replace(/:(\w+)/g, '{$1}'));
  return {
    openapi: '3.1.1',
    info: { title, version },
    paths: Object.fromEntries(
      [...paths].map(([path, each]) => [
        path,
        Object.fromEntries(each.map((route) => [route.method.toLowerCase(), operationOf(route, token)])),
      ]),
    ),
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object: an empty one makes a token optional. */
const SECURITY = { needed: [{ token: [] }], optional: [{ token: [] }, {}] };

function operationOf(route: Route, token: keyof typeof SECURITY): Json {
  const { method, path, summary, description, open, bodies } = route;
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-z0-9]+([a-z0-9])?/gi, (_all, next = '') => String(next).toUpperCase())}`,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(open === true ? {} : { security: SECURITY[token] }),
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(bodies === undefined ? {} : { requestBody: { required: true, content: contentOf(bodies) } }),
    responses: responsesOf(route),
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined): readonly Json[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, each]) => {
    const required = place === 'path' || !z.safeParse(z.object({ [name]: each }), {}).success;
    return { name, in: place, required, schema: schemaOf(z.object({ [name]: each }), 'input', name) };
  });
}

function contentOf(bodies: Readonly<Record<string, z.ZodType>>): Json {
  const entries = Object.entries(bodies);
  return Object.fromEntries(entries.map(([type, schema]) => [type, { schema: schemaOf(schema, 'input') }]));
}

function responsesOf({ replies }: Route): Json {
  const listed = Object.entries(replies).map(([status, reply]) => [
    status,
    responseOf(Number(status), reply),
  ]);
  return { ...Object.fromEntries(listed), default: problemResponse('A problem.') };
}

function problemResponse(description: string): Json {
  return { description, content: { [PROBLEM_TYPE]: { schema: PROBLEM } } };
}

/** A reply that says nothing of its body: a problem from 400 on, and with 204 there is none. */
function responseOf(status: number, { description, schema, mediaType = JSON_TYPE }: ReplySpec): Json {
  if (status === NO_CONTENT) return { description };
  if (status >= 400 && schema === undefined) return problemResponse(description);
  const content = schema === undefined ? {} : { schema: schemaOf(schema, 'output') };
  return { description, content: Object.fromEntries([mediaType].flat().map((type) => [type, content])) };
}

const writtenSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() });

/** The schema as JSON Schema; with `property`, only that property of it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', property?: string): unknown {
  const { $schema: _dialect, ...written } = writtenSchema.parse(
    z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
  );
  return property === undefined ? written : written.properties?.[property];
}
