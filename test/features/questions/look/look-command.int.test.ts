import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../../../support/process/millrace.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const QUESTION = '{"question":"Why is the sky blue?"}\n';

async function lookAt(files: Readonly<Record<string, string>>) {
  const cwd = await tempDir();
  await mkdir(join(cwd, 'parts'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, 'parts', name), text);
  return millrace(['look', 'parts'], { cwd });
}

describe('a look at a folder', () => {
  it('names an empty part and passes over it, as a run does', async () => {
    const { code, stdout, stderr } = await lookAt({ 'a.jsonl': QUESTION, 'b.jsonl': '' });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('b.jsonl is empty');
    expect(stdout).toContain('Next: millrace run parts');
  });

  it('ends with 2 where no part holds a question, or one cannot be read', async () => {
    expect((await lookAt({ 'a.jsonl': '', 'b.jsonl': '' })).code).toBe(2);
    const spoilt = await lookAt({ 'a.jsonl': QUESTION, 'b.jsonl': '{"nothing":"known"}\n' });
    expect(spoilt.code).toBe(2);
    expect(spoilt.stderr).toContain('no known format');
  });
});
