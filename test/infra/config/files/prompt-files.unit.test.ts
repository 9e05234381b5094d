import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtInPromptFiles, loadPrompts } from '../../../../src/infra/config/files/prompt-files.ts';

const folder = () => mkdtemp(join(tmpdir(), 'millrace-prompts-'));

it('the built-in prompts and rubric are those of the files that they are written out as', async () => {
  const directory = await folder();
  for (const [name, text] of builtInPromptFiles()) await writeFile(join(directory, name), text);
  expect(await loadPrompts(directory, 'remembered', 'verbatim')).toEqual(
    await loadPrompts(undefined, 'remembered', 'verbatim'),
  );
});

it('a rubric of a file takes the place of the built-in one', async () => {
  const directory = await folder();
  await writeFile(join(directory, 'rubric.yaml'), 'clarity: "is it clear?"\n');
  const { rubric } = await loadPrompts(directory, 'remembered', 'verbatim');
  expect(rubric).toEqual({ clarity: 'is it clear?' });
});

it('what is looked up is judged by a rubric of its own', async () => {
  const { rubric } = await loadPrompts(undefined, 'looked up', 'verbatim');
  const remembered = await loadPrompts(undefined, 'remembered', 'verbatim');
  expect(rubric).not.toEqual(remembered.rubric);
});
