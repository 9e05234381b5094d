import { z } from 'zod';
import { agentSettings, positive } from './agent-settings.ts';
import { share } from './hold-settings.ts';

/** How a judge works that works beside the reviewer: what is left out is as the reviewer has it. */
export const shadowSettings = agentSettings.extend({
  /** Directory of prompt files. */
  prompts: z.string().optional(),
  minScore: z.coerce.number().min(1).max(10).optional(),
  /** Of all candidates. */
  share: share.default(1),
  /** Calls at once. */
  batchSize: positive.max(10_000).optional(),
  /** Whether a person is asked where it differs from the reviewer. */
  ask: z.boolean().default(true),
});
export type ShadowSettings = Readonly<z.output<typeof shadowSettings>>;
