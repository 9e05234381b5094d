import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { strandedCount } from '../../../src/features/upkeep/stranded.ts';
import { openEmbedded } from '../../../src/infra/engines/sqlite/engine.ts';
import { pipelineTopics } from '../../../src/stages/pipeline.ts';
import { questionIdOf } from '../../../src/stages/question.ts';
import { topicsOf } from '../../../src/stages/stage-names.ts';
import { questionOf } from '../../support/stage/stage-fixtures.ts';
import { workKey } from '../../support/stage/work.ts';

async function opened() {
  const data = await mkdtemp(join(tmpdir(), 'millrace-stranded-'));
  const engine = await openEmbedded({ data, namespace: 'test', mode: 'consume' });
  onTestFinished(async () => {
    await engine.close();
    await rm(data, { recursive: true });
  });
  await engine.log.ensureTopics(pipelineTopics('test', 1));
  const work = workKey({ questionId: questionIdOf(questionOf()), stage: 'questions' });
  await engine.store.questions.accept(work, questionOf(), undefined);
  await engine.store.move({ work, status: 'questions_added' });
  return { engine, work };
}

it('a question that is open while nothing waits anywhere stands still', async () => {
  const { engine } = await opened();
  await expect(strandedCount(engine, 'test')).resolves.toBe(1);
});

it('a question does not stand still while any record waits, and not at its end', async () => {
  const { engine, work } = await opened();
  await engine.log.publish(topicsOf('test').review, [{ key: 'k', value: '{}' }]);
  await expect(strandedCount(engine, 'test')).resolves.toBe(0);
  const { engine: other } = await opened();
  await other.store.move({ work, status: 'rejected' });
  await expect(strandedCount(other, 'test')).resolves.toBe(0);
});
