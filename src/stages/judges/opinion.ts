import { z } from 'zod';

/** What another judge said of the same candidate. */
export const opinionSchema = z.object({
  name: z.string(),
  score: z.number(),
  verdict: z.string(),
  feedback: z.string(),
});
export type Opinion = Readonly<z.output<typeof opinionSchema>>;
