import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { InputReader, ReadRow } from '../../../../src/infra/input/readers/input-reader.ts';
import { openWith } from '../../../../src/infra/input/readers/open-with.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

it.each(['5', 'null', '{"question":"What is an ion?"}'])(
  'a reader of a plugin that yields %s, which is no row, is told what was expected',
  async (yielded) => {
    const path = join(await tempDir(), 'a.q');
    await writeFile(path, 'a');
    const reader: InputReader = {
      name: 'q',
      extensions: ['.q'],
      async *read() {
        const row: ReadRow = JSON.parse(yielded);
        yield row;
      },
    };
    const read = async () => {
      for await (const _ of (await openWith(reader, path)).rows);
    };
    expect((await failureOf(read)).message).toBe(
      `${path} could not be read: its reader yields no rows: expected { line, row } or { line, bad }`,
    );
  },
);
