import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlainDisplay } from '../../../../src/features/run/display/plain-display.ts';
import { outageOf, runProgress } from '../../../support/run/run-progress.ts';

function shown() {
  const lines: string[] = [];
  return { display: new PlainDisplay((text) => void lines.push(text)), lines };
}

describe('a plain display', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes one line every 5 seconds', () => {
    const { display, lines } = shown();
    for (let frame = 0; frame < 60; frame += 1) {
      display.show(runProgress());
      vi.advanceTimersByTime(200);
    }
    expect(lines).toHaveLength(3);
  });

  it('says how far each stage is, how fast, what it cost and what is left', () => {
    const { display, lines } = shown();
    display.show(runProgress());
    expect(lines).toEqual([
      '50 s: 200 questions · 2.0/s · 61.2K tokens, $0.0123 · 50 s left\n  questions 100, research 100, generation 100, review 100, storage 100\n',
    ]);
  });

  it('says how far the source of a replay is read, though it may have no question of its own', () => {
    const { display, lines } = shown();
    display.show(runProgress({ replay: { messages: 20, read: 5, taken: 4 }, questions: 0 }));
    expect(lines[0]).toMatch(/^50 s: 0 questions · 5\/20 messages read, 4 taken · 2\.0\/s/);
  });

  it('says why nothing moves, under the line', () => {
    const { display, lines } = shown();
    display.show(runProgress({ outages: [outageOf('503\n503')] }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('\n  paused: https://llm.example/v1 is in trouble (503 503)');
  });

  it('has lines of 80 columns at most, whatever there is to say', () => {
    const { display, lines } = shown();
    const progress = runProgress({ outages: [outageOf('the server is not what it was '.repeat(20))] });
    const many = 123_456_789;
    display.show({
      ...progress,
      ...{ elapsedSeconds: 1e6, questions: many, questionsPerSecond: 12_345.6, secondsLeft: 1e6 },
      counts: { ...progress.counts, held: many, dead_lettered: many },
      stages: progress.stages.map((stage) => ({ ...stage, done: many })),
      spent: { ...progress.spent, failedAttempts: many, unpricedCalls: many, costUsd: many },
    });
    const out = `/a/very${'/long'.repeat(20)}/path.jsonl`;
    vi.advanceTimersByTime(5_000);
    display.writing({ out, written: many, of: many });
    const rows = lines.join('').trimEnd().split('\n');
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
    expect(rows.at(-1)).toMatch(/^writing ….*\/path\.jsonl: 123,456,789 of 123,456,789 examples$/);
  });

  it('leaves out what is not known yet', () => {
    const { display, lines } = shown();
    display.show(runProgress({ questionsPerSecond: undefined, secondsLeft: undefined }));
    expect(lines[0]).not.toMatch(/left|\/s/);
  });

  it('writes nothing before there is a question', () => {
    const { display, lines } = shown();
    display.show(runProgress({ questions: 0 }));
    display.end();
    expect(lines).toEqual([]);
    display.show(runProgress());
    expect(lines).toHaveLength(1);
  });

  it('says every 5 seconds how far the dataset is written, and nothing of what is written sooner', () => {
    const { display, lines } = shown();
    for (let written = 1_000; written <= 60_000; written += 1_000) {
      display.writing({ out: 'dataset.jsonl', written, of: 60_000 });
      vi.advanceTimersByTime(200);
    }
    expect(lines).toEqual([
      'writing dataset.jsonl: 26,000 of 60,000 examples\n',
      'writing dataset.jsonl: 51,000 of 60,000 examples\n',
    ]);
  });

  it('writes notes at once, and ends with where the run stands', () => {
    const { display, lines } = shown();
    display.show(runProgress());
    display.note('A note.');
    display.show(runProgress({ questions: 201 }));
    display.end();
    expect(lines[1]).toBe('A note.\n');
    expect(lines.at(-1)).toContain('201 questions');
  });
});
