import { beforeEach, describe, expect, it, vi } from 'vitest';
import { isSimulated } from '../../../../src/infra/config/model/is-simulated.ts';
import { modelOf } from '../../../../src/infra/config/model/open-model.ts';
import { type Settings, settingsSchema } from '../../../../src/infra/config/settings.ts';
import { failureOf } from '../../../support/failure-of.ts';

const settingsOf = (given: object = {}): Settings => settingsSchema.parse(given);
const SHARED = { kafka: 'localhost:9092', mongo: 'mongodb://localhost' };

describe('the model of the settings', () => {
  beforeEach(() => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', '');
  });

  it('is simulated on one machine without a key and a server, and never with one of them', () => {
    expect(isSimulated(settingsOf())).toBe(true);
    expect(isSimulated(settingsOf({ baseUrl: 'http://localhost:1/v1' }))).toBe(false);
    vi.stubEnv('OPENAI_API_KEY', 'k');
    expect(isSimulated(settingsOf())).toBe(false);
  });

  it('is simulated on shared servers on request only: who asks there need not have a key', () => {
    expect(isSimulated(settingsOf(SHARED))).toBe(false);
    expect(isSimulated(settingsOf({ ...SHARED, simulate: 'latency=1ms' }))).toBe(true);
    expect(isSimulated(settingsOf({ ...SHARED, dryRun: true }))).toBe(true);
  });

  it('is missed at once by a worker of shared servers that has nobody to ask', async () => {
    const failure = await failureOf(async () => modelOf(settingsOf(SHARED)));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'no_key' });
    expect(failure.message).toContain('OPENAI_API_KEY');
  });
});
