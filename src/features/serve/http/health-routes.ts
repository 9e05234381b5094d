import { z } from 'zod';
import type { ReplySpec, Route } from '../../../infra/http/route.ts';

const reasonSchema = z.object({ code: z.string(), subject: z.string(), text: z.string() }).readonly();

/** Why not: a stable code, whom it is about, and what to do. */
export type HealthReason = z.output<typeof reasonSchema>;

const healthSchema = z.object({
  status: z.enum(['ok', 'no']),
  /** Without the token, only the codes are told. */
  reasons: z.array(z.union([reasonSchema, z.object({ code: z.string() })])),
});

const replies: Readonly<Record<number, ReplySpec>> = {
  200: { description: 'Yes.', schema: healthSchema },
  503: { description: 'No; `reasons` say why.', schema: healthSchema },
};

/**
 * `/livez` and `/readyz`, what a process manager asks: 200, or 503 and the reasons. Open, since who probes has no token; so whoever
 * has none is told no more than codes: subjects and texts name servers and directories.
 *
 * @param notReady why the process is not ready; no reason means that it is.
 */
export function healthRoutes(notReady: () => readonly HealthReason[]): readonly Route[] {
  return [
    // That it answers shows that the event loop turns.
    probe('/livez', 'Whether the process is alive.', () => []),
    probe('/readyz', 'Whether the process can do its work, and makes progress.', notReady),
  ];
}

function probe(path: string, summary: string, reasonsOf: () => readonly HealthReason[]): Route {
  return {
    method: 'GET',
    path,
    summary,
    open: true,
    replies,
    answer: (_request, reply, asker) => {
      const reasons = asker === 'known' ? reasonsOf() : codesOf(reasonsOf());
      reply.code(reasons.length === 0 ? 200 : 503);
      return { status: reasons.length === 0 ? 'ok' : 'no', reasons };
    },
  };
}

function codesOf(reasons: readonly HealthReason[]): readonly Pick<HealthReason, 'code'>[] {
  return [...new Set(reasons.map(({ code }) => code))].map((code) => ({ code }));
}
