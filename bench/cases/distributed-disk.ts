import type { BenchCase, Figure } from '../bench-case.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { newSite, type Servers, startServers } from '../support/servers.ts';
import { viewOf } from '../support/stored-in-mongo.ts';
import { command } from '../support/workers.ts';
import { workspace } from '../support/workspace.ts';
import { PROSE } from './disk.ts';

const QUESTIONS = 2_000;

/** The same as `disk`, on Kafka and MongoDB. */
export const distributedDisk: BenchCase = {
  name: 'distributed-disk',
  title: `(q) bytes a question on Kafka and MongoDB, ${QUESTIONS} questions`,
  minutes: 0.5,
  async run(say) {
    await using servers = await startServers();
    say('texts of the simulated model');
    const simulated = await bytesPerQuestion(servers, 'simulated text', undefined);
    say('answers of real prose');
    return [...simulated, ...(await bytesPerQuestion(servers, 'real prose', PROSE))];
  },
};

async function bytesPerQuestion(servers: Servers, text: string, prose?: string): Promise<Figure[]> {
  using space = workspace();
  const site = newSite(servers);
  await using model = await startServer(prose === undefined ? {} : { prose });
  const file = space.path('questions.jsonl');
  await writeQuestions(file, QUESTIONS);
  await command({ space, site, baseUrl: model.url }, [
    'run',
    file,
    '--out',
    space.path('out.jsonl'),
    '--quiet',
  ]);
  await using view = await viewOf(site);
  return [
    figureOf(`Kafka, ${text}`, servers.kafkaBytes(site.namespace)),
    figureOf(`MongoDB, ${text}`, await view.bytes()),
  ];
}

function figureOf(where: string, bytes: number): Figure {
  return { name: `bytes a question, ${where}`, unit: 'B', value: bytes / QUESTIONS };
}
