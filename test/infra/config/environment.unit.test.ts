import { expect, it, vi } from 'vitest';
import { settingsFromEnvironment } from '../../../src/infra/config/environment.ts';

it.each([
  ['MILLRACE_EXTRA_BODY', '{"api_key":"planted"'],
  ['MILLRACE_EXTRA_BODY', '{"api_key": planted}'],
  ['MILLRACE_AGENTS', '{"review":{"baseUrl":"http://u:planted@x"'],
  ['MILLRACE_KAFKA_SASL', 'user:planted'],
  ['MILLRACE_SHADOWS', 'planted'],
])('%s that is no JSON is refused, and quoted nowhere', (variable, text) => {
  vi.stubEnv(variable, text);
  expect(settingsFromEnvironment).toThrow(`Bad value for ${variable}: expected JSON; it`);
  expect(settingsFromEnvironment).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('planted') }),
  );
  vi.unstubAllEnvs();
});
