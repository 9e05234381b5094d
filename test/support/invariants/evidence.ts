import { z } from 'zod';
import { contentHashOf } from '../../../src/stages/evidence/piece.ts';
import { covers } from '../../../src/stages/evidence/source-key.ts';
import type { World } from './world.ts';

const passages = z.array(z.object({ hash: z.string(), text: z.string() })).default([]);
const quotes = z
  .array(z.object({ quote: z.string(), source: z.string(), passageHash: z.string() }))
  .default([]);
const researched = z.object({ research: z.object({ evidence: quotes, passages }) });

/** No question that has not been forgotten quotes a source that is. */
export function forgottenSources({ facts }: World): string[] {
  return facts.quotedSources.flatMap(({ lane, questionId, source }) =>
    facts.forgottenSources
      .filter((key) => covers(key, source))
      .map((key) => `evidence: ${lane}/${questionId} quotes ${source}, and ${key} is forgotten`),
  );
}

/** Each quote stands in its passage, and none is of a source that is forgotten. */
export function evidence(world: World): string[] {
  const { forgottenSources: forgotten } = world.facts;
  return ['generation', 'review', 'storage', 'dataset'].flatMap((stage) =>
    world.messages(stage).flatMap(({ record, place }) => {
      const { data } = researched.safeParse(parsed(record.value));
      if (data === undefined) return [];
      const texts = new Map(data.research.passages.map(({ hash, text }) => [hash, text]));
      const changed = [...texts].filter(([hash, text]) => contentHashOf(text) !== hash);
      return [
        ...changed.map(([hash]) => `evidence: the passage ${hash} of ${place} is not its text`),
        ...data.research.evidence.flatMap(({ quote, source, passageHash }) => [
          ...(texts.get(passageHash)?.includes(quote) === true
            ? []
            : [`evidence: a quote of ${place} does not stand in its passage`]),
          ...forgotten
            .filter((key) => covers(key, source))
            .map((key) => `evidence: ${place} quotes ${source}, and ${key} is forgotten`),
        ]),
      ];
    }),
  );
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
