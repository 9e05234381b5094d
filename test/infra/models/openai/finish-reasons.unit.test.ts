import { describe, expect, it } from 'vitest';
import { finishReasonOf } from '../../../../src/infra/models/openai/finish-reasons.ts';

describe('a finish reason', () => {
  it.each([
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['FinishReason.MAX_TOKENS', 'length'],
    ['model_length', 'length'],
    ['ERROR_LIMIT', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['sensitive', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['guardrail_intervened', 'content_filter'],
    ['content-filter', 'content_filter'],
    ['refusal', 'content_filter'],
    ['error', 'error'],
    ['insufficient_system_resource', 'error'],
    ['network_error', 'error'],
    ['abort', 'error'],
  ])('%s means %s', (spelled, meant) => {
    expect(finishReasonOf(spelled)).toBe(meant);
  });

  it.each(['stop', 'end_turn', 'tool_calls', 'unknown', 'eos', 'whatever'])('%s stays', (spelled) => {
    expect(finishReasonOf(spelled)).toBe(spelled);
  });
});
