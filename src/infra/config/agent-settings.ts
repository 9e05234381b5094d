import { z } from 'zod';

export const positive = z.coerce.number().int().positive();
export const temperature = z.coerce
  .number()
  .min(0)
  .max(2)
  .describe('Sampling temperature; the server decides if left out.');
export const seed = z.coerce.number().int().describe('Sampling seed, for servers that know one.');
export const maxOutputTokens = positive.describe('Longest answer, in tokens.');
export const timeoutMs = positive.max(3_600_000).describe('Time-out of one call, in milliseconds.');
export const baseUrl = z
  .url()
  .describe(
    'A server that speaks the OpenAI API. If left out: the variable `OPENAI_BASE_URL`, then OpenAI itself.',
  );
export const apiKeyVariable = z.string().min(1).describe('The environment variable that holds the key.');
export const extraBody = z.record(z.string(), z.unknown()).describe('Sent with each request as it is.');

export const requestsPerMinute = positive
  .max(10_000_000)
  .describe(
    'Calls that this process makes in any minute at most, per endpoint. What the server allows is learnt by itself.',
  );
export const tokensPerMinute = positive
  .max(10_000_000_000)
  .describe(
    'Tokens that this process uses in a minute at most, per endpoint: reserved by estimate, then settled.',
  );

/** What a single agent may do differently. */
export const agentSettings = z.strictObject({
  model: z.string().min(1).optional(),
  baseUrl: baseUrl.optional(),
  apiKeyVariable: apiKeyVariable.optional(),
  temperature: temperature.optional(),
  seed: seed.optional(),
  maxOutputTokens: maxOutputTokens.optional(),
  timeoutMs: timeoutMs.optional(),
  extraBody: extraBody.optional(),
  requestsPerMinute: requestsPerMinute.optional(),
  tokensPerMinute: tokensPerMinute.optional(),
});

export const usdLimit = z.coerce.number().positive().max(1_000_000_000);
export const tokenLimit = positive.max(1_000_000_000_000);
