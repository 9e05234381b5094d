import { expect, it } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';

it('says what was expected and what came', () => {
  expect(() => parseSettings({ batchSize: -1 })).toThrow(/batchSize: .*; got -1/);
});

it('never shows a secret, whatever is wrong with it', () => {
  for (const httpToken of [123_456_789, ['hunter2-hunter2'], '', { secret: 'hunter2-hunter2' }])
    expect(() => parseSettings({ httpToken })).toThrow(/^Bad value for httpToken: .*; got another\.$/);
});
