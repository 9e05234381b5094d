import { z } from 'zod';

/** What research rests on. */
export const RESEARCH_MODES = ['none', 'memory', 'sources'] as const;
export type ResearchMode = (typeof RESEARCH_MODES)[number];

/** The name of a source: it stands in keys and addresses. */
export const sourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected names of a-z, 0-9, dot, - and _, such as manuals');

/** A list, or as a flag `manuals,wiki`. */
export const sourceNames = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
  z.array(sourceName).min(1),
);
