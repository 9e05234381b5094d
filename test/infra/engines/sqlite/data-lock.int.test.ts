import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EmbeddedOptions, openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { type Child, startNode } from '../../../support/process/child.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const HOLDER = fileURLToPath(new URL('../../../support/process/hold-engine.ts', import.meta.url));
const TOPIC = 'held';

async function startHolder(data: string): Promise<Child> {
  const child = startNode([HOLDER, '--data', data, '--topic', TOPIC]);
  await until('the holder is ready', () => child.stdout().includes('ready'));
  return child;
}

async function open(data: string, mode: EmbeddedOptions['mode']) {
  const engine = await openEmbedded({ data, namespace: 'conformance', mode });
  onTestFinished(() => engine.close());
  return engine;
}

describe('a data directory that a process consumes', () => {
  it('is refused to a second consumer, who is told which process has it', async () => {
    const data = await tempDir();
    const holder = await startHolder(data);
    const failure = await failureOf(() => open(data, 'consume'));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'data_in_use' });
    expect(failure.message).toContain(`process ${holder.pid}`);
    expect(failure.message).toContain('--data');
  });

  it('opens at once after the holder was killed, though its note is still there', async () => {
    const data = await tempDir();
    const holder = await startHolder(data);
    holder.kill('SIGKILL');
    await holder.exited;
    await open(data, 'consume');
    const failure = await failureOf(() => open(data, 'consume'));
    expect(failure.message).toContain(`process ${process.pid}`);
  });

  it('may be read and appended to beside it, and the consumer gets what was appended', async () => {
    const data = await tempDir();
    const holder = await startHolder(data);
    const [reader, appender] = [await open(data, 'read'), await open(data, 'append')];
    await appender.log.publish(TOPIC, [{ key: 'a', value: 'from another process' }]);
    expect(await reader.log.endOffsets(TOPIC)).toEqual(new Map([[0, 1n]]));
    await until('the consumer gets it', () => holder.stdout().includes('got from another process'));
  });

  it('may be consumed again once it was closed, and in another namespace at any time', async () => {
    const data = await tempDir();
    const first = await openEmbedded({ data, namespace: 'one', mode: 'consume' });
    const other = await openEmbedded({ data, namespace: 'two', mode: 'consume' });
    await first.close();
    await other.close();
    await (await openEmbedded({ data, namespace: 'one', mode: 'consume' })).close();
  });

  it('is not made by those who only read, who are told how to start', async () => {
    const data = join(await tempDir(), 'missing');
    const failure = await failureOf(() => open(data, 'read'));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'no_data' });
    expect(failure.message).toContain(data);
  });
});
