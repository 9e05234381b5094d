import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/servers/on-servers.ts';
import { WorkerRig } from './worker-rig.ts';

const FLASHCARD = `
name: flashcard
description: a question on the front, a short answer on the back
candidate:
  type: object
  properties:
    front: { type: string, minLength: 1 }
    back: { type: string, minLength: 1 }
  required: [front, back]
instructions: Write one flashcard on the question.
messages:
  - user: "{{front}}"
  - assistant: "{{back}}"
columns:
  Front: /front
  Back: /back
  Topic: $topic
`;
const CARDS = 2;

await describeOnServers('a training type of one’s own, on Kafka and MongoDB', (servers) => {
  it('is worked and exported by processes that have neither its file nor the setting: it stands in the lane', async () => {
    const rig = await WorkerRig.open(servers, 1, {});
    const [types, config] = [join(rig.dir, 'flashcard.yaml'), join(rig.dir, 'millrace.config.yaml')];
    await writeFile(types, FLASHCARD);
    await writeFile(config, 'types: [flashcard.yaml]\n');
    const questions = Array.from({ length: CARDS }, (_, index) => ({ question: `What is ion ${index}?` }));
    await writeFile(
      join(rig.dir, 'cards.jsonl'),
      questions.map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
    await rig.done('ingest', 'cards.jsonl', '--training-type', 'flashcard', '--topic', 'chemistry');
    const knowing = await rig.worker('--stage', 'questions');
    knowing.kill('SIGTERM');
    await knowing.exited;

    await Promise.all([rm(types), rm(config)]);
    const unknowing = await rig.worker();
    await rig.untilStatus('approved', 1 + CARDS);
    unknowing.kill('SIGTERM');
    await unknowing.exited;
    await rig.done('export', '--training-type', 'flashcard', '--format', 'columns', '--out', 'out.jsonl');
    const rows = (await readFile(join(rig.dir, 'out.jsonl'), 'utf8')).trim().split('\n');
    expect(rows).toHaveLength(CARDS);
    for (const row of rows) {
      expect(JSON.parse(row)).toEqual({
        Front: expect.stringMatching(/front/),
        Back: expect.stringMatching(/back/),
        Topic: 'chemistry',
      });
    }
  });
});
