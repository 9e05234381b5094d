import { readFileSync } from 'node:fs';
import { seededRandom } from '../../../src/infra/models/random.ts';
import { valueFromSchema } from '../../../src/infra/models/simulated/value-from-schema.ts';
import type { ScriptedRequest } from './scripted-llm-request.ts';

/** Characters of a text on average, by the name of its property: what models write. All texts of an answer are 600 to 1,500. */
const USUAL_CHARACTERS: Readonly<Record<string, number>> = {
  summary: 350,
  keyPoints: 110,
  caveats: 90,
  prompt: 120,
  answer: 950,
  reason: 110,
  feedback: 180,
};
const OTHERWISE = 200;
const GOOD_SCORE = 8;

/** Makes answers out of prose: every text is a passage, drawn by the hash. */
export function proseAnswers(path: string): (schema: ScriptedRequest['schema'], hash: number) => unknown {
  const prose = readFileSync(path, 'utf8').replace(/\s+/g, ' ');
  return (schema, hash) => {
    const random = seededRandom(hash);
    return valueFromSchema(schema, {
      text: (at) => {
        const name = at.findLast((step) => typeof step === 'string') ?? '';
        const length = Math.round((USUAL_CHARACTERS[name] ?? OTHERWISE) * (0.6 + 0.8 * random()));
        const from = Math.floor(random() * (prose.length - length));
        return prose.slice(from, from + length).trim();
      },
      number: (_, least, most) => Math.min(most, Math.max(least, GOOD_SCORE)),
      pick: (count) => Math.floor(random() * count),
    });
  };
}
