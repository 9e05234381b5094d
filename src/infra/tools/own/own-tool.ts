import { z } from 'zod';
import type { FoundPiece } from '../../../stages/evidence/finder.ts';
import { wholePlace } from '../../../stages/evidence/piece.ts';
import type { Tool, ToolAnswer } from '../../../stages/tools/tool.ts';
import { errorText, Failure } from '../../../streams/failure.ts';
import { argumentsSchema } from '../arguments-schema.ts';
import { cachedAnswer } from '../cache/cached-answer.ts';
import type { LookUpCache } from '../cache/look-up-cache.ts';
import { refusedForGood } from '../refused-for-good.ts';
import type { OwnFetch } from './own-fetch.ts';
import type { JsonSchema, ToolArgs, ToolDefinition, ToolRunResult } from './tool-definition.ts';

const USUAL_TIMEOUT_MS = 60_000;

type Deps = Readonly<{ fetch: OwnFetch; kept: LookUpCache }>;

/** The tool as research calls it. */
export function ownTool<Parameters extends z.ZodType | JsonSchema>(
  definition: ToolDefinition<Parameters>,
  { fetch, kept }: Deps,
): Tool {
  const { name, version, description, reach, price = 0, cacheable } = definition;
  const { timeoutMs = USUAL_TIMEOUT_MS, concurrency, requestsPerMinute, whenDown } = definition;
  const run = async (args: JsonSchema, signal: AbortSignal): Promise<ToolRunResult | string> => {
    const given = argsFor(definition, args);
    try {
      return await definition.run(given, { signal, fetch: (url: string) => fetch(url, signal) });
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, name);
    }
  };
  return {
    ...{ name, version, description, reach, timeoutMs, price },
    ...{ concurrency, requestsPerMinute, whenDown },
    server: `tool:${name}`,
    parameters: schemaOf(definition.parameters),
    run: async (args, { signal }) => {
      const call = async () => answerOf(name, await run(args, signal));
      if (cacheable === undefined) return call();
      const request = { tool: `tool:${name}`, version, args, days: cacheable.days };
      return cachedAnswer(kept, request, `tool:${name}`, call);
    },
  };
}

const answerSchema = z.union([
  z.string().transform((text) => ({ text, pieces: [], costUsd: undefined })),
  z.object({
    pieces: z
      .array(
        z.object({
          title: z.string(),
          text: z.string(),
          source: z.string().optional(),
          url: z.string().optional(),
        }),
      )
      .default([]),
    text: z.string().default(''),
    costUsd: z.number().nonnegative().optional(),
  }),
]);

function answerOf(tool: string, brought: unknown): ToolAnswer {
  const { data, error } = answerSchema.safeParse(brought);
  if (data === undefined) {
    const message = `The tool ${tool} gave no answer that can be used:\n${z.prettifyError(error)}`;
    throw new Failure('fatal', 'bad_tool', message);
  }
  const { pieces, text, costUsd } = data;
  const given = pieces.length === 0 && text !== '' ? [{ title: tool, text }] : pieces;
  return {
    pieces: given.map((piece) => pieceOf(tool, piece)),
    text: pieces.length === 0 ? '' : text,
    urls: pieces.flatMap(({ url }) => url ?? []),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}

type Given = Readonly<{ title: string; text: string; source?: string | undefined; url?: string | undefined }>;

function pieceOf(tool: string, { title, text: given, source, url }: Given): FoundPiece {
  const text = given.toWellFormed();
  const place = wholePlace(text);
  const from = source === undefined ? `tool:${tool}` : `tool:${tool}.${source}`;
  return { kind: 'tool', source: from, title, text, ...place, ...(url === undefined ? {} : { url }) };
}

/** What follows the JSON schema may still be refused by a zod schema. */
function argsFor<Parameters extends z.ZodType | JsonSchema>(
  { name, parameters }: ToolDefinition<Parameters>,
  args: JsonSchema,
): ToolArgs<Parameters> {
  if (!isZod(parameters)) return args as ToolArgs<Parameters>;
  const { data, error } = parameters.safeParse(args);
  if (error === undefined) return data as ToolArgs<Parameters>;
  const message = `The arguments of ${name} are not as it wants them:\n${z.prettifyError(error)}`;
  throw refusedForGood('bad_arguments', message);
}

function schemaOf(parameters: z.ZodType | JsonSchema): JsonSchema {
  return isZod(parameters) ? argumentsSchema(parameters) : parameters;
}

/** By what it can do: the user's zod may be another copy. */
function isZod(parameters: z.ZodType | JsonSchema): parameters is z.ZodType {
  return 'safeParse' in parameters && typeof parameters.safeParse === 'function';
}

/** What nobody classified may pass: its network, most of the time. */
function failureOf(error: unknown, tool: string): Failure {
  if (error instanceof Failure) return error;
  return new Failure('transient', 'tool_failed', `The tool ${tool} failed: ${errorText(error)}`, {
    cause: error,
    outageSignal: true,
  });
}
