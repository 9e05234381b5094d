import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exportAsVersion } from '../../../src/features/dataset/export-version.ts';
import { resolveSince } from '../../../src/features/dataset/since.ts';
import type { Destination } from '../../../src/features/dataset/write-export.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import type { Engine } from '../../../src/infra/engines/engine.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import type { VersionRequest } from '../../../src/stages/dataset/dataset-version.ts';
import type { LedgerRecord } from '../../../src/stages/dataset/ledger.ts';
import type { Example } from '../../../src/stages/example.ts';
import { exportFormatNamed } from '../../../src/stages/formats/index.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { pipelineTopics } from '../../../src/stages/pipeline.ts';
import { retryWithin } from '../../../src/streams/work/retry-within.ts';
import { exampleOf, questionOf } from '../../../src/testing/store/fixtures.ts';
import { tempDir } from '../temp-dir.ts';

export const REQUEST: VersionRequest = { lane: MAIN_LANE, filter: {}, format: 'record', fileType: 'jsonl' };

export type LedgerRig = Awaited<ReturnType<typeof rigOn>>;

/** A ledger of its own, and what is exported from it. */
export async function rigOn(servers: Readonly<{ kafka?: string; mongo?: string; partitions?: number }> = {}) {
  const namespace = `versions-${randomUUID().slice(0, 8)}`;
  const data = await tempDir();
  const given = { partitions: 3, ...servers, data, namespace, replicationFactor: 1 };
  const settings = settingsSchema.parse(given);
  const engine: Engine = await openEngine({ settings, namespace, mode: 'append' });
  onTestFinished(() => engine.close());
  await engine.log.ensureTopics(pipelineTopics(namespace, engine.partitions));
  const topic = `${namespace}.dataset`;
  // A topic that was just made may have no leader yet.
  await retryWithin(() => engine.log.endOffsets(topic), 60_000);
  const port = { engine, namespace };
  const to = (name: string, more: Partial<Destination> = {}): Destination => ({
    ...{ out: join(data, name), format: 'record', fileType: 'jsonl', simulated: false },
    ...more,
  });
  return {
    ...{ engine, data, namespace, topic, port, to },
    put: (...records: readonly LedgerRecord[]) =>
      retryWithin(
        () =>
          engine.log.publish(
            topic,
            records.map((record) => ({ key: record.questionId, value: JSON.stringify(record) })),
          ),
        60_000,
      ),
    keep: (name: string, request: VersionRequest = REQUEST) => {
      const { split, fileType } = request;
      const more = { format: exportFormatNamed(request.format), fileType, split };
      const destination = to(split === undefined ? `${name}.${fileType}` : name, more);
      return exportAsVersion(port, { name, tool: 'millrace test', request }, destination);
    },
    since: (text: string) => resolveSince(text, { versions: engine.store.versions, log: engine.log, topic }),
    idsIn: async (name: string) =>
      (await readFile(join(data, name), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => String(JSON.parse(line).questionId)),
  };
}

/** New examples, each of a question of its own. */
export const fresh = (count: number, overrides: Partial<Example> = {}) =>
  Array.from({ length: count }, () => exampleOf(questionOf(), overrides));
