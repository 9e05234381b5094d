import { z } from 'zod';
import type { QuestionId } from '../../streams/work/work.ts';

const MOST_ON_A_PAGE = 200;

/** How many rows of a page are wanted. */
export const pageLimit = z.coerce.number().int().min(1).max(MOST_ON_A_PAGE).default(50);
/** Where a page goes on that says so in `cursor`. */
export const pageCursor = z.string().max(500).optional().describe('From the page before.');

/** A question by its id. */
export const questionIdSchema = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'expected an id of 24 hexadecimal digits')
  .transform((id) => id as QuestionId);
