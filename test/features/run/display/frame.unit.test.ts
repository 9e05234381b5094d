import fc from 'fast-check';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { outageLine, renderFrame } from '../../../../src/features/run/display/frame.ts';
import type { RunProgress } from '../../../../src/features/run/progress/run-progress.ts';
import { stageNames } from '../../../../src/stages/stage-names.ts';
import { outageOf, runProgress, stageProgress } from '../../../support/run/run-progress.ts';

const plain = picocolors.createColors(false);
const colourful = picocolors.createColors(true);
const linesOf = (progress: RunProgress, width = 80) => renderFrame(progress, plain, width).split('\n');
const withoutColours = (text: string) => text.split(/\p{Cc}\[[0-9;]*m/u).join('');

const busy = runProgress({
  simulated: true,
  stages: stageNames().map((stage, index) =>
    stageProgress(stage, {
      done: 200 - index * 40,
      inFlight: 10,
      failedAttempts: index,
      deadLettered: index,
    }),
  ),
  outages: [outageOf('Service Unavailable '.repeat(20))],
});

describe('a frame', () => {
  it('shows one bar per stage and the totals', () => {
    expect(linesOf(runProgress(), 120)).toEqual([
      '1 questions   ████████████░░░░░░░░░░░░ 100/200',
      '2 research    ████████████░░░░░░░░░░░░ 100/200',
      '3 generation  ████████████░░░░░░░░░░░░ 100/200',
      '4 review      ████████████░░░░░░░░░░░░ 100/200',
      '5 storage     ████████████░░░░░░░░░░░░ 100/200',
      '90 approved, 10 rejected · 2.0 questions/s · 61.2K tokens, $0.0123 · 50 s left',
    ]);
  });

  it('shows how far the source of a replay is read, and stages only where it has questions of its own', () => {
    const replay = { messages: 5_000, read: 1_234, taken: 1_200 };
    const [first, second] = linesOf(runProgress({ replay }), 120);
    expect(first).toBe('1,234/5,000 messages read, 1,200 taken');
    expect(second).toContain('1 questions');
    expect(linesOf(runProgress({ replay, questions: 0 }), 120)).toHaveLength(2);
  });

  it('shows calls in flight, failed attempts and dead letters where there are some', () => {
    const text = linesOf(busy, 120).join('\n');
    expect(text).toContain('1 dead letter · 10 in flight · 1 failed attempt\n');
    expect(text).toContain('4 dead letters · 10 in flight · 4 failed attempts');
  });

  it('cuts nothing at 80 columns: what does not fit beside goes below', () => {
    const held = runProgress({ ...busy, outages: [], counts: { ...busy.counts, held: 12 } });
    expect(linesOf(held).every((line) => line.length <= 80 && !line.endsWith('…'))).toBe(true);
    const text = linesOf(held).join('\n');
    expect(text).toContain('4 dead letters · 10 in flight · 4 failed attempts');
    expect(text).toContain('12 held');
    expect(text).toContain('50 s left');
  });

  it('says first that a simulated model makes no answers', () => {
    expect(linesOf(busy)[0]).toContain('SIMULATED');
  });

  it('says why nothing moves', () => {
    const line = outageLine(outageOf('503 Service\nUnavailable'));
    expect(line).toContain('https://llm.example/v1 is in trouble (503 Service Unavailable)');
    expect(line).toContain('trying again within 4.0 s');
    const text = linesOf(busy).join(' ').replace(/\s+/g, ' ');
    expect(text).toContain('paused: https://llm.example/v1 is in trouble (Service Unavailable');
    expect(text).toContain('trying again within 4.0 s. Nothing is lost.');
  });

  it('has an answer before there is a question, and before there is a rate', () => {
    const text = linesOf(
      runProgress({
        questions: 0,
        questionsPerSecond: undefined,
        secondsLeft: undefined,
        stages: stageNames().map((stage) => stageProgress(stage)),
      }),
      120,
    );
    expect(text[0]).toBe(`1 questions   ${'░'.repeat(24)} 0/0`);
    expect(text.at(-1)).toContain('… questions/s');
    expect(text.at(-1)).toContain('time left unknown');
  });

  it.each([80, 40])('has no line longer than %d columns, with colours or without', (width) => {
    for (const colors of [plain, colourful])
      for (const line of withoutColours(renderFrame(busy, colors, width)).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it('marks a line that was cut', () => {
    expect(linesOf(busy, 20).some((line) => line.endsWith('…'))).toBe(true);
  });

  it('has one line for each stage and each outage where there is room', () => {
    expect(linesOf(busy, 1_000)).toHaveLength(8);
  });

  it('has no line longer than the terminal, whatever happens', () => {
    const number = fc.nat({ max: 10_000_000 });
    const stage = fc.record({ done: number, inFlight: number, failedAttempts: number, deadLettered: number });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        number,
        stage,
        fc.string(),
        (width, more, counts, message) => {
          const questions = counts.done + more;
          const stages = stageNames().map((name) => stageProgress(name, counts));
          const progress = runProgress({ questions, stages, outages: [outageOf(message)] });
          for (const line of withoutColours(renderFrame(progress, colourful, width)).split('\n'))
            expect(line.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('has colours only where they are wanted', () => {
    expect(renderFrame(busy, plain, 500)).not.toMatch(/\p{Cc}\[/u);
    expect(renderFrame(busy, colourful, 500)).toMatch(/\p{Cc}\[/u);
    expect(withoutColours(renderFrame(busy, colourful, 500))).toBe(renderFrame(busy, plain, 500));
  });
});
