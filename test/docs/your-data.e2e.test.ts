import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../support/process/millrace.ts';
import { tempDir } from '../support/temp-dir.ts';

const page = readFileSync(new URL('../../docs/your-data.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind, name, text]) => ({
  kind,
  name: name ?? '',
  text: text ?? '',
}));
const files = blocks.filter(({ name }) => name !== '');
const sessions = blocks
  .filter(({ kind }) => kind === 'console')
  .map(({ text }) => {
    const [command = '', ...shown] = text.split('\n');
    return { command: command.replace('$ millrace ', ''), shown: shown.join('\n').trim() };
  });

describe('docs/your-data.md', () => {
  it('has sessions', () => expect(sessions.length).toBeGreaterThan(2));

  it.each(sessions)('shows what is shown: $command', async ({ command, shown }) => {
    const cwd = await tempDir();
    for (const { name, text } of files) await writeFile(join(cwd, name), text);
    const { stdout, stderr } = await millrace(command.split(' '), {
      cwd,
      env: { NO_COLOR: '1', FORCE_COLOR: '' },
    });
    expect(`${stdout}${stderr}`.trim()).toBe(shown);
  });
});
