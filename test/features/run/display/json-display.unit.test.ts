import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { JsonDisplay } from '../../../../src/features/run/display/json-display.ts';
import { outageOf, runProgress } from '../../../support/run/run-progress.ts';

function shown() {
  const lines: string[] = [];
  const display = new JsonDisplay((text) => void lines.push(text));
  return { display, lines, objects: () => lines.map((line) => z.looseObject({}).parse(JSON.parse(line))) };
}

describe('a JSON display', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes one object a line, every second', () => {
    const { display, lines, objects } = shown();
    for (let frame = 0; frame < 12; frame += 1) {
      display.show(runProgress());
      vi.advanceTimersByTime(200);
    }
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
    expect(objects()[0]).toMatchObject({ type: 'progress', run: 'r1', questions: 200, open: 100 });
  });

  it('says every second how far the dataset is written', () => {
    const { display, objects } = shown();
    for (let written = 1; written <= 12; written += 1) {
      display.writing({ out: 'dataset.jsonl', written, of: undefined });
      vi.advanceTimersByTime(200);
    }
    expect(objects()).toHaveLength(3);
    expect(objects()[1]).toEqual({ type: 'writing', out: 'dataset.jsonl', written: 6 });
  });

  it('says what was spent in totals, and what each stage did', () => {
    const { display, objects } = shown();
    display.show(runProgress());
    expect(objects()[0]?.['spent']).toEqual({
      calls: 300,
      failedAttempts: 0,
      usage: { input: 40_000, output: 21_200, cached: 0, reasoning: 0 },
      costUsd: 0.0123,
      unpricedCalls: 0,
    });
    expect(objects()[0]?.['stages']).toHaveLength(5);
  });

  it('names an outage without its cause, which holds more than a line can', () => {
    const { display, objects } = shown();
    display.show(runProgress({ outages: [outageOf('503')] }));
    expect(objects()[0]?.['outages']).toEqual([{ endpoint: 'https://llm.example/v1', state: 'open' }]);
  });

  it('leaves out what is not known yet', () => {
    const { display, objects } = shown();
    display.show(runProgress({ questionsPerSecond: undefined, secondsLeft: undefined }));
    expect(objects()[0]).not.toHaveProperty('secondsLeft');
  });

  it('writes notes at once, whatever stands in them', () => {
    const { display, objects } = shown();
    display.show(runProgress());
    display.note('two\nlines "quoted"');
    display.end();
    expect(objects().at(-1)).toEqual({ type: 'note', text: 'two\nlines "quoted"' });
  });
});
