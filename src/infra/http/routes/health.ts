import { z } from 'zod';
import type { ReplySpec, Route } from '../route.ts';

/** What a process manager asks about a process. A reason says why not. */
export type Health = Readonly<{ alive(): string | undefined; ready(): string | undefined }>;

const healthSchema = z.object({ status: z.string() });

const replies: Readonly<Record<number, ReplySpec>> = {
  200: { description: 'Yes.', schema: healthSchema },
  503: { description: 'No; `status` says why.', schema: healthSchema },
};

/** `/livez` and `/readyz`: 200, or 503 and the reason. Open, since who probes has no token. */
export function healthRoutes(health: Health): readonly Route[] {
  return [
    probe('/livez', 'Whether the process is alive.', health.alive),
    probe('/readyz', 'Whether the process can do its work.', health.ready),
  ];
}

function probe(path: string, summary: string, reason: () => string | undefined): Route {
  return {
    method: 'GET',
    path,
    summary,
    open: true,
    replies,
    answer: (_request, reply) => {
      const why = reason();
      reply.code(why === undefined ? 200 : 503);
      return { status: why ?? 'ok' };
    },
  };
}
