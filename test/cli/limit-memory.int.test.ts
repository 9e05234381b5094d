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
  const sizes = [];
  for (let index = 0; index < 400_000; index += 1) {
    window.push({ index, text: new Array(50).fill(index) });
    if (window.length > 50_000) window.splice(0, 25_000);
    if (index % 1_000 === 0) sizes.push(megabytes());
  }
  console.log(JSON.stringify([grown, ...sizes]));
`;

it('the new space stands at its bound of 16 MiB from the start, and comes back to it however busy the process is', async () => {
  const child = startNode(['--input-type=module', '--eval', BUSY]);
  const { code, stdout } = await ended(child);
  expect(code).toBe(0);
  const [grown, ...sizes]: number[] = JSON.parse(stdout);
  expect(grown).toBeGreaterThanOrEqual(16);
  const inOrder = sizes.toSorted((one, other) => one - other);
  expect(inOrder[sizes.length / 2]).toBeLessThanOrEqual(16);
  // Pages stand over while V8 marks, the more the less time it is given; what has doubled never comes back.
  expect(Math.min(...sizes.slice(-100))).toBeLessThanOrEqual(16);
});
