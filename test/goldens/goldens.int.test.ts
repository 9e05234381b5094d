import { expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { keptFiles } from './golden.ts';
import { goldens } from './goldens.ts';

it.each(goldens)('$name is to the byte as it is kept (npm run goldens)', async (golden) => {
  const [made, kept] = [await golden.make(await tempDir()), await keptFiles(golden)];
  expect([...made.keys()]).toEqual([...kept.keys()]);
  // As texts first: their difference can be read.
  for (const [path, bytes] of made) {
    const before = kept.get(path);
    expect(Buffer.from(bytes).toString(), path).toBe(Buffer.from(before ?? []).toString());
    expect(Buffer.compare(bytes, before ?? Buffer.of()), path).toBe(0);
  }
});
