import type { Route } from '../../../infra/http/route.ts';
import type { Metrics } from '../../../infra/metrics/metrics.ts';

/** `/metrics` for Prometheus. It tells costs and counts, so it needs the token where there is one. */
export function metricsRoute(metrics: Pick<Metrics, 'text' | 'contentType'>): Route {
  return {
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics for Prometheus.',
    replies: { 200: { description: 'The text format of Prometheus.', mediaType: metrics.contentType } },
    answer: async (_request, reply) => {
      const text = await metrics.text();
      reply.type(metrics.contentType);
      return text;
    },
  };
}
