import { parsed, type Route } from '../../../infra/http/route.ts';
import type { ShadowVerdict } from '../../../stages/store/shadow-repository.ts';
import {
  type Disagreement,
  disagreementsQuerySchema,
  disagreementsSchema,
  shadowParamsSchema,
} from './schemas.ts';
import type { ShadowSource } from './shadow-source.ts';
import { shadowNames, unknownShadow } from './unknown-shadow.ts';

const TEXT_CHARACTERS = 300;

/** GET /v1/shadows/:name/disagreements: the candidates that the shadow and the live judge see otherwise. */
export function disagreementsRoute({ shadows, textOf }: Pick<ShadowSource, 'shadows' | 'textOf'>): Route {
  return {
    method: 'GET',
    path: '/v1/shadows/:name/disagreements',
    summary: 'Where a shadow judge and the live one differ, the newest first, page by page.',
    params: shadowParamsSchema,
    query: disagreementsQuerySchema,
    replies: {
      200: { description: 'One page.', schema: disagreementsSchema },
      404: { description: 'There is no such shadow; `known` names all.' },
    },
    answer: async (request) => {
      const { name } = parsed(shadowParamsSchema, request.params, 'path');
      const { cursor, limit } = parsed(disagreementsQuerySchema, request.query, 'query');
      const { verdicts, next } = await shadows.disagreements({ shadow: name, from: cursor, limit });
      if (verdicts.length === 0) {
        const known = await shadowNames(shadows);
        if (!known.includes(name)) throw unknownShadow(name, known);
      }
      const rows = verdicts.map(async (verdict) =>
        withText(verdict, await textOf(verdict.lane, verdict.questionId)),
      );
      return { verdicts: await Promise.all(rows), ...(next === undefined ? {} : { cursor: next }) };
    },
  };
}

function withText(verdict: ShadowVerdict, text: string | undefined): Disagreement {
  return text === undefined ? verdict : { ...verdict, text: text.slice(0, TEXT_CHARACTERS) };
}
