import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Help } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { COLUMNS, help } from '../goldens/help.ts';
import { writeQuestions } from '../support/run/question-files.ts';
import { tempDir } from '../support/temp-dir.ts';

const HEAVY =
  /node_modules\/(openai|undici|mongodb|kafkajs|fastify|zod|prom-client|pino|rxjs|@opentelemetry)\//;

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

async function modulesLoadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const started = ['--import', './test/support/process/list-modules.ts', 'src/cli/bin.ts', ...args];
  const { stderr } = await run(process.execPath, started, { cwd: root });
  return stderr.split('\n').filter((line) => line !== '');
}

describe('the program', () => {
  it.each(COMMANDS)('lists $name as the command itself says', async ({ name, term, load }) => {
    const command = await load();
    expect([command.name(), new Help().subcommandTerm(command)]).toEqual([name, term]);
  });

  it('says nothing wider than 80 columns in the help of any command', async () => {
    const lines = [...(await help.make('')).values()].join('\n').split('\n');
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([]);
  });

  it('loads only the command that is asked for', async () => {
    const program = await buildProgram(['show', '--help']);
    const loaded = program.commands.filter(({ options }) => options.length > 0).map((each) => each.name());
    expect(loaded).toEqual(['show']);
  });

  it.each(['--help', '--version'])('loads no client, server or schema for %s', async (flag) => {
    const modules = await modulesLoadedBy(flag);
    expect(modules.some((url) => url.endsWith('/commander/index.js'))).toBe(true);
    expect(modules.filter((url) => HEAVY.test(url))).toEqual([]);
  });

  it('loads no client of a model for a rehearsal, and none of a server that is not used', async () => {
    const dir = await tempDir();
    const [file, out] = [await writeQuestions(dir, 1), join(dir, 'dataset.jsonl')];
    const modules = await modulesLoadedBy('run', file, '--dry-run', '--data', dir, '--out', out, '--quiet');
    expect(modules.some((url) => url.endsWith('/simulated/model.ts'))).toBe(true);
    const unused = /node_modules\/(openai|undici|mongodb|kafkajs|fastify|prom-client)\//;
    expect(modules.filter((url) => unused.test(url))).toEqual([]);
  });
});
