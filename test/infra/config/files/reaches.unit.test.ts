import { describe, expect, it } from 'vitest';
import { reachesOf } from '../../../../src/infra/config/files/reaches.ts';

describe('settings that reach out of their folder', () => {
  it.each([
    [{ baseUrl: 'http://x/v1' }, ['it sets baseUrl']],
    [{ mongo: 'mongodb://x', kafka: 'x:9' }, ['it sets kafka', 'it sets mongo']],
    [{ agents: { review: { baseUrl: 'http://x' } } }, ['it sets agents.review.baseUrl']],
    [{ shadows: { strict: { baseUrl: 'http://x' } } }, ['it sets shadows.strict.baseUrl']],
    [{ apiKeyVariable: 'AWS_SECRET_ACCESS_KEY' }, [expect.stringContaining('apiKeyVariable')]],
    [
      { agents: { research: { apiKeyVariable: 'GITHUB_TOKEN' } } },
      [expect.stringContaining('agents.research')],
    ],
    [{ out: '../../.bashrc' }, ['out is outside of this folder']],
    [
      { data: '/var/lib/x', prompts: '/etc' },
      ['data is outside of this folder', 'prompts is outside of this folder'],
    ],
  ])('%j is told', (settings, told) => {
    expect(reachesOf(settings)).toEqual(told);
  });

  it.each([
    [{}],
    [{ model: 'm', batchSize: 3, topic: 'x', out: 'out/new.jsonl', data: '.millrace', prompts: 'test' }],
    [{ apiKeyVariable: 'GROQ_API_KEY', agents: { review: { apiKeyVariable: 'AZURE_OPENAI_EU_API_KEY' } } }],
    [{ agents: 'nonsense', shadows: null }],
  ])('%j is none', (settings) => {
    expect(reachesOf(settings)).toEqual([]);
  });
});
