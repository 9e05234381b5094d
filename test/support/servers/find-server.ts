import { type Kind, Unavailable } from './cluster.ts';
import { inContainer, type SharedServer } from './containers.ts';
import { localKafka, localMongo } from './local.ts';

const VARIABLES = { kafka: 'MILLRACE_TEST_KAFKA', mongo: 'MILLRACE_TEST_MONGO' } as const;

/**
 * A real server of that kind, from the first of these that has one: the address in `MILLRACE_TEST_KAFKA` or
 * `MILLRACE_TEST_MONGO`, Docker, the package registries. Throws Unavailable with the reason of each.
 */
export async function findServer(kind: Kind): Promise<SharedServer> {
  const reasons: string[] = [];
  for (const place of [named, inContainer, local]) {
    try {
      return await place(kind);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Unavailable(reasons.join('; '));
}

async function named(kind: Kind): Promise<SharedServer> {
  const address = process.env[VARIABLES[kind]];
  if (address === undefined) throw new Unavailable(`${VARIABLES[kind]} is not set`);
  return { address, stop: async () => undefined };
}

function local(kind: Kind): Promise<SharedServer> {
  return kind === 'kafka' ? localKafka() : localMongo();
}
