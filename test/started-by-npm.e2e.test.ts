import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startNode } from './support/process/child.ts';
import { ended } from './support/process/millrace.ts';

const ROOT = join(import.meta.dirname, '..');

describe('what npm starts beside this suite, and shares its support', () => {
  it('is `npm run bench`, which finds all of its cases', async () => {
    const { code, stderr } = await ended(startNode(['bench/main.ts', '--only', 'none'], { cwd: ROOT }));
    expect(stderr).toMatch(/^No case is named none: expected some of latency, .*arrivals/);
    expect(code).toBe(2);
  });

  it('is `npm run test:faults`, which finds its files and the command that they kill', async () => {
    const args = ['test/faults/main.ts', '--only', 'no such fault', '--minutes', '0'];
    const { code, stdout, stderr } = await ended(startNode(args, { cwd: ROOT }));
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain('kills at the arrival of answers');
  });
});
