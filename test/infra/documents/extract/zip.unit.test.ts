import { describe, expect, it } from 'vitest';
import { filesInZip } from '../../../../src/infra/documents/extract/zip.ts';
import { zipFile } from '../../../support/documents/zip-file.ts';
import { failureOf } from '../../../support/failure-of.ts';

const refusalOf = (bytes: Uint8Array) => failureOf(() => filesInZip(bytes, 'x.epub', () => true));

describe('a zip', () => {
  it('gives the files that are wanted, and no others', async () => {
    const bytes = zipFile([
      { name: 'a.xml', content: 'a' },
      { name: 'b.png', content: 'b' },
    ]);
    const files = await filesInZip(bytes, 'x.epub', (name) => name.endsWith('.xml'));
    expect([...files].map(([name, content]) => [name, content.toString()])).toEqual([['a.xml', 'a']]);
  });

  it.each(['../evil.xml', '/etc/evil.xml', 'a/../../evil.xml', 'C:\\evil.xml'])(
    'that names a file outside of itself is refused: %s',
    async (name) => {
      expect(await refusalOf(zipFile([{ name, content: 'x' }]))).toMatchObject({
        ...{ kind: 'poison', code: 'bad_zip' },
        message: 'x.epub: names a file outside of itself; refused.',
      });
    },
  );

  it('of more than 10,000 files is refused', async () => {
    const many = Array.from({ length: 10_001 }, (_, n) => ({ name: `${n}`, content: '' }));
    expect(await refusalOf(zipFile(many))).toMatchObject({
      ...{ kind: 'poison', code: 'zip_bomb' },
      message: 'x.epub: holds more than 10000 files; refused.',
    });
  });

  it('that is cut off is refused', async () => {
    const whole = zipFile([{ name: 'a.xml', content: 'a'.repeat(100) }]);
    expect(await refusalOf(whole.subarray(0, whole.length - 30))).toMatchObject({ code: 'bad_zip' });
  });
});
