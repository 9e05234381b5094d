import { readFileSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const fromHere = (path: string) => new URL(`../../${path}`, import.meta.url);
const page = readFileSync(fromHere('docs/from-documents.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  [...block.matchAll(/^millrace (.*?)(?: +#.*)?$/gm)].map(([, command = '']) => command),
);
const line = z.object({
  documents: z.array(z.object({ cited: z.boolean() })),
  answerable: z.boolean(),
});

it('the commands of docs/from-documents.md lead from the folder to the files that the page shows', async () => {
  expect(commands).toHaveLength(12);
  const cwd = await tempDir();
  await cp(fromHere('examples/manual'), join(cwd, 'manual'), { recursive: true });
  await cp(fromHere('examples/manual-questions.jsonl'), join(cwd, 'questions.jsonl'));
  const env = { MILLRACE_SIMULATE: 'latency=0ms,reject=0%' };
  for (const command of commands) {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const { code, stderr } = await millrace(args, { cwd, env });
    expect(code, `${command}: ${stderr}`).toBe(0);
  }
  const parts = await Promise.all(
    ['train', 'validation'].map((part) => readFile(join(cwd, 'rag', `${part}.jsonl`), 'utf8')),
  );
  const lines = parts
    .flatMap((text) => text.split('\n').filter(Boolean))
    .map((each) => line.parse(JSON.parse(each)));
  expect(lines).toHaveLength(10);
  expect(lines.filter(({ answerable }) => !answerable)).toHaveLength(2);
  for (const { documents } of lines)
    expect(documents.filter(({ cited }) => !cited).length).toBeGreaterThan(0);
  expect(await readFile(join(cwd, 'citations.jsonl'), 'utf8')).toContain('"license":"cc0-1.0"');
});
