import { z } from 'zod';
import {
  passesSchema,
  type ShadowVerdict,
  type Sided,
  shadowVerdictSchema,
} from '../../../../stages/store/shadow-book.ts';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { boundedJson } from '../bounded-json.ts';
import { questionKey } from '../work/question-documents.ts';

/** `shadow_verdicts`, by `lane/questionId/shadow/revision`: all of a question in one range. */
export type ShadowVerdictDocument = {
  _id: string;
  shadow: string;
  lane: string;
  questionId: string;
  revision: number;
  live: string;
  verdict: string;
  agrees: boolean;
  /** The shadow's score less the live one. */
  difference: number;
  day: string;
  at: string;
  said: string;
};

const saidDocument = z.object({ said: jsonText(shadowVerdictSchema) });
export const countDocument = z.object({
  _id: z.object({ day: z.string(), live: passesSchema, verdict: passesSchema }),
  count: z.number(),
  scoreDifference: z.number(),
});
/** By whether the person went with the live judge. */
const sideDocument = z.object({ _id: z.boolean(), count: z.number() });

/** Throws a Failure of kind `poison` where it is larger than a document may be. */
export function documentOf(said: ShadowVerdict): ShadowVerdictDocument {
  const { shadow, lane, questionId, revision, live, verdict, at } = said;
  return {
    _id: `${questionKey(said)}/${shadow}/${revision}`,
    ...{ shadow, lane, questionId, revision, live, verdict, at },
    agrees: live === verdict,
    difference: said.score - said.liveScore,
    day: at.slice(0, 10),
    said: boundedJson(said),
  };
}

/** Throws a Failure if it is none of ours. */
export function shadowVerdictOf(stored: unknown): ShadowVerdict {
  return readStored(saidDocument, stored).said;
}

/** Throws a Failure if a row is none of ours. */
export function sidedOf(rows: readonly unknown[]): Sided {
  const sides = rows.map((row) => readStored(sideDocument, row));
  const count = (withLive: boolean) => sides.find(({ _id }) => _id === withLive)?.count ?? 0;
  return { withLive: count(true), withShadow: count(false) };
}
