import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { logStream } from '../../../src/infra/terminal/log-stream.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = new PassThrough().on('data', (text) => void written.push(String(text)));
  return { written, out: Object.assign(stream, { isTTY }) };
}

it('a log that nobody looks at is JSON lines', async () => {
  const { out, written } = terminal(false);
  pino({ base: null }, await logStream(out)).warn({ stage: 'review', questionId: 'q1' }, 'slow');
  expect(JSON.parse(written.join(''))).toMatchObject({ stage: 'review', questionId: 'q1', msg: 'slow' });
});

it('a log on a terminal is for a person, with the same fields', async () => {
  const { out, written } = terminal(true);
  pino({ base: null }, await logStream(out)).warn({ stage: 'review', questionId: 'q1' }, 'slow');
  const line = written.join('');
  expect(() => JSON.parse(line)).toThrow();
  for (const part of ['WARN', 'slow', 'review', 'q1']) expect(line).toContain(part);
});

it('a message that holds line ends or escapes stays one line of a terminal', async () => {
  const { out, written } = terminal(true);
  const text = 'refused: no\n[12:00:00] INFO: all is well\u001b[2J\u202e "\\n" C:\\new';
  pino({ base: null }, await logStream(out)).warn({ stage: 'review' }, text);
  const line = written.join('');
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  for (const obeyed of ['\u001b[2J', '\u202e']) expect(line).not.toContain(obeyed);
  expect(line).toContain('"\\n" C:\\new');
});
