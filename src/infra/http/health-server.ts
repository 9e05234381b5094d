import fastify from 'fastify';
import { Failure } from '../../streams/failure.ts';

/** What a process manager asks about a process. A reason says why not. */
export type Health = Readonly<{ alive(): string | undefined; ready(): string | undefined }>;

export type HealthServer = Readonly<{ address: string; close(): Promise<void> }>;

/**
 * Answers `/livez` and `/readyz` with 200, or 503 and the reason. Loopback by default. Rejects with a Failure when the
 * port is taken.
 */
export async function startHealthServer(port: number, host: string, health: Health): Promise<HealthServer> {
  const server = fastify({ logger: false, bodyLimit: 1_024 });
  for (const [path, reason] of [
    ['/livez', health.alive],
    ['/readyz', health.ready],
  ] as const)
    server.get(path, (_request, reply) => {
      const why = reason();
      return reply.code(why === undefined ? 200 : 503).send({ status: why === undefined ? 'ok' : why });
    });
  try {
    const address = await server.listen({ port, host });
    return { address, close: () => server.close() };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'fatal',
      'bad_port',
      `Cannot listen on ${host}:${port}: ${text}. Name another --port.`,
      { cause },
    );
  }
}
