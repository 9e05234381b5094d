import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { nextSourcesText } from '../../src/features/sources/sources-text.ts';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const COUNTS = '(3 added, 0 changed, 0 as they were, 0 gone)';
const BROKEN = 'broken.docx: not a Word file (no word/document.xml).';
const TABLE = 'data.csv: which column holds the text? --text-field one of title, body, notes.';

it('sources add indexes what it can read, names what it cannot, and ends with 3', async () => {
  const cwd = await tempDir();
  const sources = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await millrace(['sources', ...args], { cwd });
    return { code, stdout: stdout.trimEnd(), stderr: stderr.trim() };
  };
  expect(await sources('search', 'oil')).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: 'No sources yet. Add one with: millrace sources add DIR',
  });
  const root = join(cwd, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), 'The oil pressure is 1.8 bar.\n');
  await writeFile(join(root, 'broken.docx'), 'no zip');
  await writeFile(join(root, 'data.csv'), 'title,body,notes\na,b,c\n');
  expect(await sources('add', 'manuals')).toMatchObject({
    code: 3,
    stdout: `manuals: 3 files ${COUNTS} of which 2 cannot be read, 1 new chunk.\n  ${BROKEN}\n  ${TABLE}\n${nextSourcesText('')}`,
  });
  const again = await sources('refresh', '--json');
  expect(again.code).toBe(3);
  const read = z.object({ unchanged: z.number(), refused: z.array(z.string()) });
  expect(read.parse(JSON.parse(again.stdout))).toEqual({ unchanged: 3, refused: [BROKEN, TABLE] });
  expect((await sources('show', 'manuals')).stdout).toMatch(
    /^manuals: 3 files, of which 2 cannot be read, of .*manuals\n {2}refused: broken\.docx: /,
  );
  expect(await sources('add', 'missing/')).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: 'millrace: missing/ does not exist: expected a folder or a file.',
  });
  expect(await sources('remove', 'manuals')).toMatchObject({ code: 0 });
  expect(await sources('remove', 'manuals')).toMatchObject({
    code: 2,
    stderr: 'millrace: There is no source named manuals. There is none yet: millrace sources add DIR',
  });
});
