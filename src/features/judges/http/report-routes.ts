import { parsed, type Route } from '../../../infra/http/route.ts';
import { shadowDetailSchema, shadowParamsSchema, shadowQuerySchema, shadowsSchema } from './schemas.ts';
import type { ShadowSource } from './shadow-source.ts';
import { shadowNames, unknownShadow } from './unknown-shadow.ts';

/** GET /v1/shadows: every shadow judge beside the live one. */
export function shadowsRoute(source: ShadowSource): Route {
  return {
    method: 'GET',
    path: '/v1/shadows',
    summary: 'Every shadow judge: how far it agrees with the live one, its cost, its lag.',
    replies: { 200: { description: 'All that ever were at work here.', schema: shadowsSchema } },
    answer: async () => ({ shadows: await source.reports() }),
  };
}

/** GET /v1/shadows/:name: one of them, also by day. */
export function shadowRoute(source: ShadowSource): Route {
  return {
    method: 'GET',
    path: '/v1/shadows/:name',
    summary: 'One shadow judge over all that it judged, and by day.',
    params: shadowParamsSchema,
    query: shadowQuerySchema,
    replies: {
      200: { description: 'The report.', schema: shadowDetailSchema },
      404: { description: 'There is no such shadow; `known` names all.' },
    },
    answer: async (request) => {
      const { name } = parsed(shadowParamsSchema, request.params, 'path');
      const { days } = parsed(shadowQuerySchema, request.query, 'query');
      const report = await source.report(name, days);
      if (report === undefined) throw unknownShadow(name, await shadowNames(source.shadows));
      return report;
    },
  };
}
