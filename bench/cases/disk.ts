import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchCase, Figure } from '../bench-case.ts';
import { places, runMillrace } from '../support/millrace.ts';
import { writeQuestions } from '../support/questions.ts';
import { startServer } from '../support/scripted-server.ts';
import { workspace } from '../support/workspace.ts';

const QUESTIONS = 2_000;
const BATCH_SIZE = 50;
/** A public-domain text, cut into answers. */
export const PROSE = fileURLToPath(new URL('../data/alice.txt', import.meta.url));

/** What a question takes on the disk when all is done: its records, its works with their replies, its example. */
export const disk: BenchCase = {
  name: 'disk',
  title: `(n) bytes a question on the embedded engine, ${QUESTIONS} questions`,
  minutes: 0.2,
  async run(say) {
    say('texts of the simulated model');
    const simulated = await bytesPerQuestion(undefined);
    say('answers of real prose');
    const prose = await bytesPerQuestion(PROSE);
    return [figureOf('simulated text', simulated, 8_000), figureOf('real prose', prose, 12_000)];
  },
};

async function bytesPerQuestion(prose: string | undefined): Promise<number> {
  using space = workspace();
  const { questions, database } = places(space);
  await writeQuestions(questions, QUESTIONS);
  await using server = await startServer(prose === undefined ? {} : { prose });
  await runMillrace(space, server.url, ['--batch-size', `${BATCH_SIZE}`]);
  return statSync(database).size / QUESTIONS;
}

function figureOf(text: string, value: number, most: number): Figure {
  return { name: `bytes a question, ${text}`, unit: 'B', target: { most }, value };
}
