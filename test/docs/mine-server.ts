import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { simulatedAs } from '../../src/infra/models/simulated/model.ts';

const asked = z.object({
  stage: z.string(),
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  schema: z.record(z.string(), z.unknown()),
});

/** The server behind the model provider of docs/extending.md: it answers as the simulated model does, and approves. */
export async function startMine(key: string) {
  const model = simulatedAs('reject=0%');
  const seen: { model: string; stage: string }[] = [];
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${key}`) return response.writeHead(401).end();
    const { stage, model: name, messages, schema } = asked.parse(await json(request));
    seen.push({ model: name, stage });
    const answer = { name: stage, schema };
    const settings = { model: name };
    const { text } = await model.complete(
      { stage, messages, answer, settings },
      new AbortController().signal,
    );
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ text, input: 10, output: 10 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => seen,
    close: () => void server.close(),
  };
}
