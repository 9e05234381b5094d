import { pino } from 'pino';
import { expect, it } from 'vitest';
import { toolNotices } from '../../../../src/features/run/session/model-notices.ts';
import { Alarms } from '../../../../src/streams/alarms.ts';

it('a model that cannot call tools is an alarm, and one that does not a notice of which no line is too long', () => {
  const alarms = new Alarms();
  const notices: string[] = [];
  const logged: string[] = [];
  const logger = pino({ base: null }, { write: (line) => logged.push(line) });
  const told = toolNotices({ alarms, logger, onNotice: (text) => void notices.push(text) });
  told.onUnable?.('small');
  told.onUnused?.('qwen3:8b');
  expect(alarms.open).toMatchObject([{ kind: 'tools_unsupported', subject: 'small' }]);
  expect(notices).toEqual([expect.stringMatching(/^qwen3:8b answered five questions in a row/)]);
  for (const line of notices.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(logged.join('')).toContain('"code":"tools_unused"');
});
