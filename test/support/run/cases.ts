import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The steps of a question that looks up as scripted: what its words find, and a model that searches, opens a document, and answers. */
export const LOOKED_UP = [
  'search/0',
  'turn/0',
  'result/turn/0/0',
  'turn/1',
  'result/turn/1/0',
  'turn/2',
] as const;

/** A folder with one document, in which every question of `question-files.ts` finds a quote; returns its path. */
export async function writeCases(directory: string): Promise<string> {
  const folder = join(directory, 'manuals');
  await mkdir(folder);
  const text = '# Cases\n\nEvery case must behave as its spring and its mass tell it.\n';
  await writeFile(join(folder, 'cases.md'), text);
  return folder;
}
