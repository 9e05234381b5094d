import { z } from 'zod';
import { VENDOR_KEY } from '../secret-patterns.ts';

export const positive = z.coerce.number().int().positive();
export const someText = z.string().min(1);
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(least).max(most);
export const timeoutMs = positive.max(3_600_000).describe('Time-out of one call, in milliseconds.');
export const baseUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL like https://api.openai.com/v1' })
  .describe(
    'A server that speaks the OpenAI API. If left out: the variable `OPENAI_BASE_URL`, then OpenAI itself.',
  );
/** The name of an environment variable. A key that stands in its place by mistake would be named in messages. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable, such as OPENAI_API_KEY')
  .refine(
    (name) => name.search(VENDOR_KEY) === -1,
    'expected the name of an environment variable, came a key',
  );
export const apiKeyVariable = variableName.describe('The environment variable that holds the key.');
/** Asked for each call, so it keeps a key while it is valid. A failure of it is waited out. */
export type BringKey = () => string | Promise<string>;
export const requestsPerMinute = positive
  .max(10_000_000)
  .describe(
    'Calls that this process makes in any minute at most, per endpoint. What the server allows is learned by itself.',
  );
/** What a single agent may do differently. */
export const agentSettings = z.strictObject({
  model: z.string().min(1).optional(),
  baseUrl: baseUrl.optional(),
  apiKeyVariable: apiKeyVariable.optional(),
  apiKey: z
    .custom<BringKey>((value) => typeof value === 'function', 'expected a function that brings the key')
    .optional()
    .describe(
      'For keys that change, in `millrace.config.ts`: an async function that brings the key, in place of the variable.',
    ),
  temperature: z.coerce
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('Sampling temperature; the server decides if left out.'),
  seed: z.coerce.number().int().optional().describe('Sampling seed, for servers that know one.'),
  maxOutputTokens: positive.optional().describe('Longest answer, in tokens.'),
  timeoutMs: timeoutMs.optional(),
  extraBody: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Sent with each request as it is. Treated as a secret: it stands in no store, log or message.'),
  requestsPerMinute: requestsPerMinute.optional(),
  tokensPerMinute: positive
    .max(10_000_000_000)
    .optional()
    .describe(
      'Tokens that this process uses in a minute at most, per endpoint: reserved by estimate, then settled.',
    ),
});

export const usdLimit = z.coerce.number().positive().max(1_000_000_000);
export const tokenLimit = positive.max(1_000_000_000_000);
