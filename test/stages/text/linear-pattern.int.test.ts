import { expect, it } from 'vitest';
import { linearPattern } from '../../../src/stages/text/linear-pattern.ts';
import { startNode } from '../../support/process/child.ts';
import { ended } from '../../support/process/millrace.ts';

const TYPES = new URL('../../../src/stages/training-types/index.ts', import.meta.url).href;
const LOADED = `
  import module from 'node:module';
  const loaded = [];
  module.registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import('${TYPES}');
  console.log(JSON.stringify([loaded.length > 10, loaded.some((url) => url.includes('re2js'))]));
`;

it('the engine of patterns is loaded by the first pattern, and by no start', async () => {
  const { code, stdout } = await ended(startNode(['--input-type=module', '--eval', LOADED]));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([true, false]);
  expect(linearPattern('^(a+)+$').matcher('a'.repeat(10_000)).find()).toBe(true);
});

it('a pattern that cannot be used is refused with the reason', () => {
  expect(() => linearPattern('(')).toThrow(/missing closing \)/);
});
