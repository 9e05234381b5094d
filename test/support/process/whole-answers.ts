import { z } from 'zod';
import { parseJson } from '../../../src/stages/text/json.ts';

const completion = z.object({ id: z.string(), choices: z.array(z.unknown()) });
const found = z.object({ results: z.array(z.object({ url: z.string() })).min(1) });

/** The work that the scripted server names in a completion; `undefined` for an error, and for no answer at all. */
export function workAnswered(body: string): string | undefined {
  return completion.safeParse(parseJson(body)).data?.id;
}

/** The first that an answer of SearXNG names; `undefined` for any other body. */
export function firstUrl(body: string): string | undefined {
  return found.safeParse(parseJson(body)).data?.results[0]?.url;
}
