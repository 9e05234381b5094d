import { expect, it } from 'vitest';
import { type Logger, lineLogger } from '../../../src/infra/files/logger.ts';

function written(say: (logger: Logger) => void): unknown[] {
  const lines: string[] = [];
  say(lineLogger({ write: (line) => lines.push(line) }));
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  return lines.map((line) => JSON.parse(line));
}

it('a line of the log has its level, its time, its facts and what is said', () => {
  const [line] = written((logger) => logger.warn({ stage: 'review', none: undefined }, 'slow'));
  expect(line).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    stage: 'review',
    msg: 'slow',
  });
});

it('levels are numbered as other logs number them', () => {
  const lines = written((logger) => {
    for (const level of ['info', 'warn', 'error', 'fatal'] as const) logger[level]('something');
  });
  expect(lines.map((line) => Object(line).level)).toEqual([30, 40, 50, 60]);
});

it('facts that are no JSON are left out, and the rest is said', () => {
  const circle: { inner?: object } = {};
  circle.inner = circle;
  expect(written((logger) => logger.error({ circle, many: 1n }, 'broken'))).toMatchObject([
    { msg: 'broken' },
  ]);
});

it('every line goes to each of several places', () => {
  const [one, other]: [string[], string[]] = [[], []];
  lineLogger({ write: (line) => one.push(line) }, { write: (line) => other.push(line) }).info('both');
  expect(one).toEqual(other);
  expect(one).toHaveLength(1);
});
