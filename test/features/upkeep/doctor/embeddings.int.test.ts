import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addSource } from '../../../../src/features/sources/add-source.ts';
import { runChecks } from '../../../../src/features/upkeep/doctor/check.ts';
import { embeddings } from '../../../../src/features/upkeep/doctor/embeddings.ts';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';
import { openIndexOf } from '../../../../src/infra/documents/index/of-settings.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const SPACE = { model: 'e', dimensions: 2, asked: false, address: 'http://e/v1', keyVariable: 'K' };

async function indexOf(data: string, texts: readonly string[]) {
  const root = join(data, 'manuals');
  await mkdir(root);
  for (const [n, text] of texts.entries()) await writeFile(join(root, `${n}.md`), text);
  const index = await openIndexOf({ data, namespace: 'millrace' });
  onTestFinished(async () => index.close());
  await addSource(index, root);
  const lacking = await index.vectors.without(SPACE, texts.length, '');
  return { vectors: index.vectors, hashes: lacking.map(({ hash }) => hash) };
}

async function look(data: string, wanted: object | undefined, simulated = false): Promise<readonly string[]> {
  const settings = parseSettings({ data, ...(wanted === undefined ? {} : { embeddings: wanted }) });
  const findings = await runChecks([embeddings], { settings, simulated, namespace: 'millrace' });
  return findings.map(
    ({ status, text, mend }) => `${status}: ${text}${mend === undefined ? '' : ` -> ${mend}`}`,
  );
}

describe('what the doctor says of embeddings', () => {
  const wanted = { model: 'e', baseUrl: 'http://127.0.0.1:9/v1', price: 0 };

  it('is nothing where none are set, and that a simulated run asks for none', async () => {
    const data = await tempDir();
    expect(await look(data, undefined)).toEqual([]);
    expect(await look(data, wanted, true)).toEqual([
      expect.stringMatching(/^warning: a simulated run searches/),
    ]);
  });

  it('is that no document is indexed yet', async () => {
    expect(await look(await tempDir(), wanted)).toEqual([
      expect.stringMatching(/^ok: .*none is indexed yet$/),
    ]);
  });

  it('is which chunks have no vector, until all have one', async () => {
    const data = await tempDir();
    const { vectors, hashes } = await indexOf(data, ['Stop the engine.', 'Reef the sail.']);
    expect(await look(data, wanted)).toEqual([
      'warning: No chunk has a vector yet: documents are searched by words alone. -> millrace sources refresh',
    ]);
    await vectors.putVectors(SPACE, new Map(hashes.slice(1).map((hash) => [hash, Int8Array.of(1, 2)])));
    expect(await look(data, wanted)).toEqual([
      'warning: 1 of 2 chunks have no vector yet: they are found by their words alone. -> millrace sources refresh',
    ]);
    await vectors.putVectors(SPACE, new Map(hashes.map((hash) => [hash, Int8Array.of(1, 2)])));
    expect(await look(data, wanted)).toEqual([
      'ok: 2 chunks searched by the vectors of e, 2 dimensions each',
    ]);
    expect(await look(data, { ...wanted, model: 'new' })).toEqual([
      expect.stringMatching(/^warning: Documents are searched by the vectors of e \(2 dimensions\) until/),
    ]);
  });

  it('is that key and price are missing', async () => {
    vi.stubEnv('KEY_OF_NOBODY', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const openai = { model: 'e', baseUrl: 'https://api.openai.com/v1', apiKeyVariable: 'KEY_OF_NOBODY' };
    expect(await look(await tempDir(), openai)).toEqual([
      'failed: e needs a key, and KEY_OF_NOBODY is not set -> set KEY_OF_NOBODY, or embeddings.baseUrl',
      'warning: the price of e is not known -> embeddings.price, in US dollars per million tokens',
      expect.stringMatching(/^ok: /),
    ]);
  });
});
