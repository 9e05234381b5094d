import { beforeEach, expect, it, vi } from 'vitest';
import { endpointNameOf } from '../../../../src/infra/config/model/endpoint-name.ts';
import { settingsSchema } from '../../../../src/infra/config/settings.ts';
import { agentStages } from '../../../../src/stages/stage-names.ts';

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', 'k');
  vi.stubEnv('OPENAI_BASE_URL', '');
});

function namesOf(given: object): readonly string[] {
  const settings = settingsSchema.parse(given);
  return agentStages().map((stage) => endpointNameOf(settings, stage));
}

it('an endpoint is named by its address, whatever else its base URL holds', () => {
  const baseUrl = 'https://me:planted@host:8000/v1/?key=planted#planted';
  expect(new Set(namesOf({ baseUrl }))).toEqual(new Set(['https://host:8000/v1']));
});

it('an address with several models, or several keys, is several endpoints', () => {
  const names = namesOf({ baseUrl: 'https://host/v1', agents: { review: { model: 'judge' } } });
  expect(names).toEqual([
    'https://host/v1 (gpt-4o-mini, OPENAI_API_KEY)',
    'https://host/v1 (gpt-4o-mini, OPENAI_API_KEY)',
    'https://host/v1 (judge, OPENAI_API_KEY)',
  ]);
});

it('endpoints that differ in log-in or query alone are told apart by a mark, which tells nothing of them', () => {
  const baseUrl = 'https://host/v1?key=planted-one';
  const [research, generation, review] = namesOf({
    baseUrl,
    agents: { generation: { baseUrl }, review: { baseUrl: 'https://host/v1?key=planted-two' } },
  });
  expect(research).toMatch(/^https:\/\/host\/v1 #[0-9a-f]{6}$/);
  expect(generation).toBe(research);
  expect(review).toMatch(/^https:\/\/host\/v1 #[0-9a-f]{6}$/);
  expect(review).not.toBe(research);
});
