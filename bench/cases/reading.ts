import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BenchCase, Figure } from '../bench-case.ts';
import { writeLines, writeMessages } from '../support/input-files.ts';
import { workspace } from '../support/workspace.ts';

const ROWS = 40_000;
const PARQUET_ROWS = 20_000;
const GROUP_ROWS = 200_000;
const MANY_ROWS = 1_000_000;
const SCRIPT = fileURLToPath(new URL('../support/read-input.ts', import.meta.url));
const readSchema = z.object({ rows: z.number(), cpuSeconds: z.number(), mib: z.array(z.number()) });

/** What reading and mapping people's files takes. */
export const reading: BenchCase = {
  name: 'reading',
  title: `(r) ${ROWS} lines of JSON, ${PARQUET_ROWS} rows of Parquet, and what stands in memory of ${MANY_ROWS} lines and of one large row group`,
  minutes: 0.4,
  async run(say) {
    using space = workspace();
    const [lines, many, messages, group] = ['a.jsonl', 'b.jsonl', 'c.parquet', 'd.parquet'].map((name) =>
      space.path(name),
    ) as [string, string, string, string];
    say('writing the files');
    await writeLines(lines, ROWS);
    await writeLines(many, MANY_ROWS);
    writeMessages(messages, PARQUET_ROWS);
    writeMessages(group, GROUP_ROWS);
    say('reading them');
    return figuresOf({
      lines: read(lines, 3),
      messages: read(messages, 3),
      many: read(many, 1),
      group: read(group, 1),
      command: read(group, 1, 'limited'),
    });
  },
};

type Read = z.output<typeof readSchema>;

/** The last of so many readings in a process of its own: the first ones load what it needs. */
function read(file: string, rounds: number, ...how: readonly 'limited'[]): Read {
  const said = execFileSync(process.execPath, [SCRIPT, file, `${rounds}`, ...how], { encoding: 'utf8' });
  return readSchema.parse(JSON.parse(said));
}

function figuresOf({
  lines,
  messages,
  many,
  group,
  command,
}: Readonly<Record<'lines' | 'messages' | 'many' | 'group' | 'command', Read>>): Figure[] {
  const most = (values: readonly number[]) => Math.max(...values);
  const quarter = Math.floor(many.mib.length / 4);
  return [
    {
      name: 'JSON lines a second of a core, read and mapped',
      unit: '/s',
      value: lines.rows / lines.cpuSeconds,
      target: { least: 40_000 },
    },
    {
      name: `CPU seconds for ${PARQUET_ROWS} rows of messages in Parquet`,
      unit: 's',
      value: messages.cpuSeconds,
      target: { most: 0.4 },
    },
    {
      name: `memory in the last quarter of ${MANY_ROWS} lines / in the third`,
      unit: 'x',
      value: most(many.mib.slice(3 * quarter)) / most(many.mib.slice(2 * quarter, 3 * quarter)),
      target: { most: 1.1 },
    },
    { name: `most memory, ${MANY_ROWS} lines`, unit: 'MiB', value: most(many.mib) },
    { name: "most memory, a row group of 128 MB, with Node's defaults", unit: 'MiB', value: most(group.mib) },
    {
      name: 'the same as the command reads it',
      unit: 'MiB',
      value: most(command.mib),
      target: { most: 300 },
    },
  ];
}
