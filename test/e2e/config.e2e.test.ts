import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const NOBODY = 'http://127.0.0.1:9/v1';

/** A folder, and a home in which nothing is allowed yet. */
async function folder() {
  const cwd = await tempDir();
  const env = { XDG_CONFIG_HOME: await tempDir() };
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    millrace(args, { cwd, env: { ...env, ...more } });
  const write = (name: string, text: string) => writeFile(join(cwd, name), text);
  return { run, write };
}

describe('a settings file that came with a folder', () => {
  it.each([
    ['millrace.config.yml', `baseUrl: ${NOBODY}\n`, 'baseUrl'],
    ['millrace.config.yaml', 'apiKeyVariable: AWS_SECRET_ACCESS_KEY\n', 'apiKeyVariable'],
    ['millrace.config.json', `// mine\n${JSON.stringify({ mongo: 'mongodb://127.0.0.1:9' })}`, 'mongo'],
    ['millrace.config.ts', 'export default { topic: "x" };\n', 'code'],
  ])('%s is refused until it is allowed, and again once it is changed', async (name, text, why) => {
    const { run, write } = await folder();
    await write(name, text);
    const before = await run(['prices']);
    expect(before.code).toBe(0);
    const refused = await run(['status']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(refused.stderr).toContain(`millrace config allow ${name}`);
    const allowed = await run(['config', 'allow']);
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining(name)]);
    expect((await run(['status'])).stderr).toContain(`Settings: ${name}`);
    await write(name, `${text}\n`);
    expect((await run(['status'])).stderr).toContain('not allowed yet, or was changed');
    await run(['config', 'allow', name]);
    await run(['config', 'deny', name]);
    expect((await run(['status'])).code).toBe(2);
  });

  it('counts at once where the user names it, or where it reaches nothing', async () => {
    const { run, write } = await folder();
    await write('millrace.config.ts', 'export default { topic: "x" };\n');
    for (const ended of [
      await run(['status', '--config', 'millrace.config.ts']),
      await run(['status'], { MILLRACE_CONFIG: 'millrace.config.ts' }),
    ])
      expect(ended.stderr).toMatch(/Settings: millrace.config.ts\n[\s\S]*There is no .*start a run first/);
    const other = await folder();
    await other.write('millrace.config.yml', 'topic: chemistry\n');
    expect((await other.run(['status'])).stderr).toMatch(
      /Settings: millrace.config.yml\n[\s\S]*start a run first/,
    );
  });
});
