import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { around, DOCS, RESULTS, textsOf } from '../../bench/docs.ts';
import { readJson } from '../../bench/report.ts';

describe('the pages with benchmarks', () => {
  it.each(textsOf(readJson(RESULTS)))('show what docs/benchmarks.json holds: %s, %s', (page, mark, text) => {
    expect(around(readFileSync(join(DOCS, page), 'utf8'), mark).text).toBe(text);
  });
});
