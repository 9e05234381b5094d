import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOf } from '../../../src/infra/terminal/exit-code.ts';
import { Failure } from '../../../src/streams/failure.ts';

const codeOf = (code: string) => exitCodeOf(new Failure('fatal', code, 'x'));

describe('the exit code of a failure', () => {
  it.each([
    'bad_setting',
    'bad_prompt',
    'bad_config',
    'unknown_training_type',
    'unknown_format',
    'nothing_to_redo',
  ])('%s is wrong usage', (code) => {
    expect(codeOf(code)).toBe(EXIT.usage);
  });

  it.each(['unauthorized', 'disk_full', 'no_server', 'unexpected', 'data_in_use', 'not_bad_at_all'])(
    '%s needs a person',
    (code) => {
      expect(codeOf(code)).toBe(EXIT.fatal);
    },
  );

  it('says where a budget is used up', () => {
    expect(codeOf('budget_spent')).toBe(EXIT.budgetSpent);
  });

  it('is another one for each way to end', () => {
    expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
  });
});
