import { z } from 'zod';
import { Failure } from '../../../streams/failure.ts';

/** `tokens`: what the server says that it read; `undefined` where it says nothing. */
export type EmbeddingReply = Readonly<{
  vectors: readonly (readonly number[])[];
  tokens: number | undefined;
}>;

/** What the reply is held against. */
export type Expected = Readonly<{
  address: string;
  texts: number;
  /** Of each vector; `undefined` where any will do. */
  dimensions: number | undefined;
  mostDimensions: number;
}>;

const count = z.number().int().nonnegative();
const replySchema = z.object({
  data: z.array(z.object({ index: count.optional(), embedding: z.array(z.unknown()) })),
  usage: z.object({ prompt_tokens: count.nullish(), total_tokens: count.nullish() }).nullish(),
});
type Reply = z.output<typeof replySchema>;

/**
 * The vectors of a reply in the order of the texts. Throws a Failure that says what was expected and what came: `transient`
 * (`bad_embedding`) for what a server may do once, `fatal` (`other_dimensions`) for vectors of another length than was asked for.
 */
export function embeddingReply(body: string, expected: Expected): EmbeddingReply {
  const reply = replySchema.safeParse(jsonOf(body, expected)).data;
  if (reply === undefined)
    throw bad(
      expected,
      'answered with something that is no list of vectors. If it always does, check its base URL',
    );
  const vectors = inOrder(reply, expected).map((vector) => numbersOf(vector, expected));
  const lengths = new Set(vectors.map(({ length }) => length));
  const [length = 0] = lengths;
  if (lengths.size > 1)
    throw bad(expected, `answered with vectors of different lengths: ${[...lengths].join(', ')}`);
  assertLength(length, expected);
  return { vectors, tokens: reply.usage?.prompt_tokens ?? reply.usage?.total_tokens ?? undefined };
}

function inOrder({ data }: Reply, expected: Expected): readonly (readonly unknown[])[] {
  if (data.length !== expected.texts)
    throw bad(expected, `answered with ${data.length} vectors to ${expected.texts} texts`);
  const placed = data.map(({ index, embedding }, at) => ({ index: index ?? at, embedding }));
  if (new Set(placed.map(({ index }) => index)).size !== data.length)
    throw bad(expected, 'gave two vectors to one text and none to another');
  return placed.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding);
}

function numbersOf(vector: readonly unknown[], expected: Expected): readonly number[] {
  const numbers = vector.filter((value): value is number => Number.isFinite(value));
  if (numbers.length !== vector.length)
    throw bad(expected, 'answered with a vector that holds what is no number');
  return numbers;
}

function assertLength(length: number, { address, dimensions, mostDimensions }: Expected): void {
  if (length === dimensions || (dimensions === undefined && length > 0 && length <= mostDimensions)) return;
  const wanted = dimensions ?? `1 to ${mostDimensions}`;
  throw new Failure(
    'fatal',
    'other_dimensions',
    `The server at ${address} answered with vectors of ${length} dimensions, expected were ${wanted}. Set embeddings.dimensions to what the model gives, or name another model: vectors of other dimensions are made anew beside the old ones.`,
  );
}

/** Python writes NaN where JSON has no such thing. */
function jsonOf(body: string, expected: Expected): unknown {
  try {
    return JSON.parse(body);
  } catch {
    if (/[[,:]\s*-?(?:NaN|Infinity)\b/.test(body))
      throw bad(expected, 'answered with a vector that holds what is no number');
    return undefined;
  }
}

function bad({ address }: Expected, what: string): Failure {
  return new Failure('transient', 'bad_embedding', `The server at ${address} ${what}.`, { scope: 'unclear' });
}
