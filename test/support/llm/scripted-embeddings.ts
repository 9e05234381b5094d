import { hash } from 'node:crypto';
import { z } from 'zod';
import type { EmbeddingScript } from './scripted-embeddings-script.ts';
import { error, type WireAnswer } from './scripted-llm-answer.ts';

/** A request for vectors as it came. */
export type EmbeddingRequest = Readonly<{
  model: string;
  input: readonly string[];
  dimensions?: number | undefined;
  /** Whether vectors were sent. */
  answered: boolean;
}>;

const requestSchema = z.object({
  model: z.string(),
  input: z.array(z.string()),
  dimensions: z.number().int().optional(),
});

/** Vectors by the words of a text, where words that mean the same are one: a model that knows nothing but its list. */
export class ScriptedEmbeddings {
  readonly requests: EmbeddingRequest[] = [];
  #script: EmbeddingScript;
  #faults: EmbeddingScript['faults'];

  constructor(script: EmbeddingScript) {
    this.#script = script;
    this.#faults = [...script.faults];
  }

  follow(script: EmbeddingScript): void {
    this.#script = script;
    this.#faults = [...script.faults];
  }

  answer(body: string): WireAnswer {
    const asked = requestSchema.parse(JSON.parse(body));
    const { mostCharacters = Number.POSITIVE_INFINITY } = this.#script;
    const fault = this.#faults.shift();
    const tooLong = asked.input.some((text) => text.length > mostCharacters);
    const failed = tooLong
      ? error(400, 'context_length_exceeded', 'invalid_request_error', 'This text is too long.')
      : refusalOf(fault);
    this.requests.push({ ...asked, answered: failed === undefined });
    return failed ?? { status: 200, body: this.#reply(asked, fault) };
  }

  #reply(
    { input, dimensions = this.#script.dimensions }: z.output<typeof requestSchema>,
    fault?: string,
  ): string {
    if (fault === 'words') return '{"object":"list"}';
    const data = input.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: this.vectorOf(text, dimensions),
    }));
    const [first] = data;
    if (fault === 'count') data.pop();
    if (fault === 'twice' && first !== undefined)
      data.splice(0, data.length, ...data.map((each) => ({ ...each, index: 0 })));
    if (fault === 'lengths') first?.embedding.push(1);
    const tokens = Math.ceil(input.reduce((sum, { length }) => sum + length, 0) / 4);
    const whole = {
      object: 'list',
      data: data.toReversed(),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
    const body = JSON.stringify(whole);
    if (fault === 'nan') return body.replace('"embedding":[', '"embedding":[NaN,');
    return fault === 'infinity' ? body.replace('"embedding":[', '"embedding":[1e999,') : body;
  }

  vectorOf(text: string, dimensions = this.#script.dimensions): number[] {
    const vector = new Array<number>(dimensions).fill(0);
    for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
      const meaning = this.#script.same.find((words) => words.includes(word))?.[0] ?? word;
      const at = Number.parseInt(hash('sha256', meaning).slice(0, 8), 16) % dimensions;
      vector[at] = (vector[at] ?? 0) + 1;
    }
    return vector;
  }
}

function refusalOf(fault: string | undefined): WireAnswer | undefined {
  switch (fault) {
    case '429':
      return error(429, 'rate_limit_exceeded', 'requests', 'Rate limit reached.');
    case '500':
      return error(500, null, 'server_error', 'It broke.');
    case '401':
      return error(401, 'invalid_api_key', 'invalid_request_error', 'Incorrect API key provided.');
    case '404':
      return error(404, 'model_not_found', 'invalid_request_error', 'The model does not exist.');
    default:
      return undefined;
  }
}
