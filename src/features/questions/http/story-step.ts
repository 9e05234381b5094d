import { z } from 'zod';
import { placeText } from '../../../stages/evidence/piece.ts';
import { usageSchema } from '../../../stages/example.ts';
import { resultBodySchema, turnBodySchema } from '../../../stages/tools/step-body.ts';
import type { Step } from '../../../streams/work/step.ts';
import { stepLabel } from '../steps/step-label.ts';

/** Of one work. Far more than its bounds let it make, if nobody raised them. */
export const MOST_STEPS = 200;
const MOST_PIECES = 20;
const MOST_CALLS = 20;
const LONGEST_TEXT = 1_000;
const LONGEST_NAME = 200;

const callSchema = z.object({
  tool: z.string(),
  args: z.string().describe('As JSON, cut after 1,000 characters.'),
});

/** One step of a work that goes step by step. */
export const storyStepSchema = z.object({
  label: z.string().describe('As people say it: `search`, `turn 1`, `look-up 2 of turn 1`.'),
  kind: z
    .enum(['search', 'turn', 'result'])
    .describe('A search before anybody is asked, an answer of the model, the result of one look-up.'),
  at: z.string(),
  durationMs: z.number(),
  model: z.string().describe('The model that answered; empty where none was asked.'),
  usage: usageSchema,
  costUsd: z.number().nullable().describe('`null` where the price is not known.'),
  outcome: z
    .string()
    .describe(
      'Of a turn `calls`, `answer`, `notes` or `unusable`; of a look-up `ok`, `refused` or `failed`.',
    ),
  code: z.string().optional().describe('Why it is unusable, refused or failed.'),
  calls: z
    .array(callSchema)
    .readonly()
    .describe('What a turn asks for, or the look-up that was made. At most 20.'),
  pieces: z
    .array(z.object({ id: z.string(), place: z.string(), url: z.string().optional() }))
    .readonly()
    .describe('What was found, by the ids that the model was shown. At most 20.'),
  pieceCount: z.int(),
  text: z.string().describe('What came beside it, or why it cannot be used. Cut after 1,000 characters.'),
  cached: z.boolean().describe('Kept from an earlier look-up: it cost nothing.'),
  last: z
    .boolean()
    .describe('A turn without tools: the bounds were reached, or the model had looked up all it wanted.'),
});
export type StoryStep = Readonly<z.output<typeof storyStepSchema>>;

type Came = Pick<
  StoryStep,
  'outcome' | 'code' | 'calls' | 'pieces' | 'pieceCount' | 'text' | 'cached' | 'last'
>;

const NOTHING = { calls: [], pieces: [], pieceCount: 0, text: '', cached: false, last: false } as const;

/** A step as a story tells it: what was asked for, what came and what it cost. Texts are cut, and still what strangers wrote. */
export function storyStep(step: Step): StoryStep {
  const { key, kind, at, durationMs, model, usage, costUsd } = step;
  const came = (kind === 'turn' ? turnCame(step) : resultCame(step)) ?? { ...NOTHING, outcome: 'unreadable' };
  return { label: cut(stepLabel(key), LONGEST_NAME), kind, at, durationMs, model, usage, costUsd, ...came };
}

function turnCame({ body }: Step): Came | undefined {
  const turn = turnBodySchema.safeParse(body).data;
  if (turn === undefined) return undefined;
  const { outcome, code, reason, calls, last, text } = turn;
  return {
    ...NOTHING,
    ...{ outcome, last },
    ...(code === undefined ? {} : { code }),
    calls: calls.slice(0, MOST_CALLS).map(({ name, args }) => callOf(name, args)),
    // An answer that stands is the result of the work, and told there.
    text: outcome === 'answer' ? '' : cut(reason ?? text),
  };
}

function resultCame({ body }: Step): Came | undefined {
  const result = resultBodySchema.safeParse(body).data;
  if (result === undefined) return undefined;
  const { tool, args, outcome, code, text, pieces, cached } = result;
  return {
    ...NOTHING,
    ...{ outcome, cached, pieceCount: pieces.length, text: cut(text) },
    ...(code === undefined ? {} : { code }),
    calls: [callOf(tool, JSON.stringify(args) ?? '')],
    pieces: pieces.slice(0, MOST_PIECES).map((piece) => ({
      ...{ id: piece.id, place: cut(placeText(piece), LONGEST_NAME) },
      ...(piece.url === undefined || piece.url.length > LONGEST_TEXT ? {} : { url: piece.url }),
    })),
  };
}

function callOf(tool: string, args: string): z.output<typeof callSchema> {
  return { tool: cut(tool, LONGEST_NAME), args: cut(args) };
}

/** Never between the halves of a letter. */
function cut(text: string, length = LONGEST_TEXT): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
