import { HttpProblem } from '../../../infra/http/problem.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { shadowOfLane } from '../../../stages/judges/shadow-name.ts';
import type { ShadowRepository, ShadowVerdict } from '../../../stages/store/shadow-repository.ts';
import { questionText, type TextPorts } from '../question-text.ts';
import { readShadow, readShadows, type ShadowPorts } from '../read-shadows.ts';
import {
  type Disagreement,
  disagreementsQuerySchema,
  disagreementsSchema,
  shadowDetailSchema,
  shadowParamsSchema,
  shadowQuerySchema,
  shadowsSchema,
} from './schemas.ts';

const TEXT_CHARACTERS = 300;
const NO_SUCH = { description: 'There is no such shadow; `known` names all.' };

/** What is told of shadow judges: all of them, one, and where it differs from the live judge. */
export function shadowRoutes(ports: ShadowPorts & Readonly<{ store: TextPorts }>): readonly Route[] {
  return [shadowsRoute(ports), shadowRoute(ports), disagreementsRoute(ports.store)];
}

/** GET /v1/shadows: every shadow judge beside the live one. */
function shadowsRoute(ports: ShadowPorts): Route {
  return {
    method: 'GET',
    path: '/v1/shadows',
    summary: 'Every shadow judge: how far it agrees with the live one, its cost, its lag.',
    replies: { 200: { description: 'All that ever were at work here.', schema: shadowsSchema } },
    answer: async () => ({ shadows: await readShadows(ports) }),
  };
}

/** GET /v1/shadows/:name: one of them, also by day. */
function shadowRoute(ports: ShadowPorts): Route {
  return {
    method: 'GET',
    path: '/v1/shadows/:name',
    summary: 'One shadow judge over all that it judged, and by day.',
    params: shadowParamsSchema,
    query: shadowQuerySchema,
    replies: { 200: { description: 'The report.', schema: shadowDetailSchema }, 404: NO_SUCH },
    answer: async (request) => {
      const { name } = parsed(shadowParamsSchema, request.params, 'path');
      const { days } = parsed(shadowQuerySchema, request.query, 'query');
      const report = await readShadow(ports, name, days);
      if (report === undefined) throw unknownShadow(name, await shadowNames(ports.store.shadows));
      return report;
    },
  };
}

/** GET /v1/shadows/:name/disagreements: the candidates that the shadow and the live judge see otherwise. */
export function disagreementsRoute(
  store: TextPorts & Readonly<{ shadows: Pick<ShadowRepository, 'shadows' | 'disagreements'> }>,
): Route {
  const { shadows } = store;
  return {
    method: 'GET',
    path: '/v1/shadows/:name/disagreements',
    summary: 'Where a shadow judge and the live one differ, the newest first, page by page.',
    params: shadowParamsSchema,
    query: disagreementsQuerySchema,
    replies: { 200: { description: 'One page.', schema: disagreementsSchema }, 404: NO_SUCH },
    answer: async (request) => {
      const { name } = parsed(shadowParamsSchema, request.params, 'path');
      const { cursor, limit } = parsed(disagreementsQuerySchema, request.query, 'query');
      const { verdicts, next } = await shadows.disagreements({ shadow: name, from: cursor, limit });
      if (verdicts.length === 0) {
        const known = await shadowNames(shadows);
        if (!known.includes(name)) throw unknownShadow(name, known);
      }
      const rows = await Promise.all(verdicts.map((verdict) => withText(store, verdict)));
      return { verdicts: rows, ...(next === undefined ? {} : { cursor: next }) };
    },
  };
}

async function withText(store: TextPorts, verdict: ShadowVerdict): Promise<Disagreement> {
  const text = await questionText(store, verdict.lane, verdict.questionId);
  return text === undefined ? verdict : { ...verdict, text: text.slice(0, TEXT_CHARACTERS) };
}

async function shadowNames(shadows: Pick<ShadowRepository, 'shadows'>): Promise<readonly string[]> {
  return (await shadows.shadows()).map(({ name: lane }) => shadowOfLane(lane) ?? lane);
}

function unknownShadow(name: string, known: readonly string[]): HttpProblem {
  const others = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`;
  const detail = `There is no shadow judge ${name} here. ${others}`;
  return new HttpProblem(404, 'unknown_shadow', detail, { members: { known } });
}
