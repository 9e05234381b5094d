import { describe, expect, it } from 'vitest';
import { flagNames, settingFlag } from '../../../../src/infra/config/flags/setting-flags.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';

describe('the flag of a setting', () => {
  it.each([
    ['batchSize', '--batch-size <n>', 'calls in flight at once, per agent (default: 10)'],
    ['shadows', '--shadow <list>', expect.stringContaining('strict=gpt-4o')],
    ['kafka', '--kafka <brokers>', 'host:port,… (default: the embedded log)'],
    ['dryRun', '--dry-run', 'use the simulated model, and its data'],
    ['maxCost', '--max-cost <usd>', 'spend at most this many US dollars in this run'],
  ] as const)(
    '%s is called like it, with its value and the default of the schema',
    (setting, flags, help) => {
      expect(settingFlag(setting)).toMatchObject({ flags, description: help });
    },
  );

  it('that means something else to a command has no default of another meaning', () => {
    const other = settingFlag('minScore', { help: 'another lowest score that passes' });
    expect(other.description).toBe('another lowest score that passes');
  });

  it('is that of a setting, each of them', () => {
    expect(flagNames.size).toBeGreaterThan(30);
    for (const setting of flagNames.keys()) expect(settingsSchema.shape).toHaveProperty(setting);
  });
});
