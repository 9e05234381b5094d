import { expect, it } from 'vitest';
import { startNode } from '../support/process/child.ts';
import { ended } from '../support/process/millrace.ts';

const MODULE = new URL('../../src/cli/limit-memory.ts', import.meta.url).href;
/** Much that survives, and no turn of the event loop in between. */
const BUSY = `
  import v8 from 'node:v8';
  import { growNewSpace, limitMemory } from '${MODULE}';
  const megabytes = () => v8.getHeapSpaceStatistics().find((each) => each.space_name === 'new_space').space_size / 2 ** 20;
  limitMemory();
  growNewSpace();
  const grown = megabytes();
  const window = [];
  for (let index = 0; index < 400_000; index += 1) {
    window.push({ index, text: new Array(50).fill(index) });
    if (window.length > 50_000) window.splice(0, 25_000);
  }
  console.log(JSON.stringify([grown, megabytes()]));
`;

it('the new space is at its bound of 16 MiB from the start, and never doubles however busy the process is', async () => {
  const child = startNode(['--input-type=module', '--eval', BUSY]);
  const { code, stdout } = await ended(child);
  expect(code).toBe(0);
  const [grown, later] = JSON.parse(stdout);
  expect(grown).toBeGreaterThanOrEqual(16);
  // V8 may give back a half when the machine lets the process do little for a while; growth would double it.
  expect(Math.max(grown, later)).toBeLessThan(32);
});
