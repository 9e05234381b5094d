import type { DeadLetterQuery } from '../../../stages/store/dead-letter-repository.ts';
import { type RedrivePorts, redrive } from '../redrive.ts';
import type { Redriver } from './redrive-route.ts';

/** Sends dead letters again for those who ask over HTTP. */
export function httpRedriver(ports: RedrivePorts): Redriver {
  return {
    plan: (query) => plan(ports, query),
    send: async (query) => {
      const { estimatedCostUsd } = await plan(ports, query);
      const { deadLetters } = await redrive(ports, { query });
      return { letters: deadLetters, estimatedCostUsd };
    },
  };
}

/** A dead letter costs about what its last attempt did. */
async function plan({ store }: RedrivePorts, query: DeadLetterQuery) {
  let deadLetters = 0;
  let estimatedCostUsd: number | null = null;
  for await (const { attempts } of store.deadLetters.list({ ...query, lives: ['open'] })) {
    deadLetters += 1;
    const cost = attempts.at(-1)?.costUsd;
    if (cost !== null && cost !== undefined) estimatedCostUsd = (estimatedCostUsd ?? 0) + cost;
  }
  return { letters: deadLetters, estimatedCostUsd };
}
