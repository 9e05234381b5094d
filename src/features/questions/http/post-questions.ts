import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bodyChunks, expectMediaType, readJson } from '../../../infra/http/body.ts';
import { RequestLimit } from '../../../infra/http/request-limit.ts';
import { parsed, type Route } from '../../../infra/http/route.ts';
import { jsonLines } from '../../../infra/input/formats/input-format.ts';
import { withNewlines } from '../../../infra/input/formats/line-ends.ts';
import type { RawEntry } from '../../../infra/input/formats/raw-entry.ts';
import { inUtf8 } from '../../../infra/input/in-utf8.ts';
import { type InputEntry, keptText, type QuestionDefaults } from '../../../infra/input/input-entry.ts';
import { FROM } from '../../../infra/input/mapping/meant.ts';
import { RowMapper } from '../../../infra/input/mapping/row-mapper.ts';
import { loadChecksFor, loadChecksNamedIn } from '../../../infra/input/mapping/with-given.ts';
import { rowsOf } from '../../../infra/input/rows-of.ts';
import { INTAKE_LIMITS, type IntakeLimits, type QuestionIntake } from './http-intake.ts';
import { acceptedSchema, questionInputs } from './schemas.ts';
import { Upload } from './upload.ts';

const JSON_TYPE = 'application/json';
const NDJSON_TYPE = 'application/x-ndjson';

export type PostQuestionsOptions = Readonly<{
  intake: QuestionIntake;
  defaults: QuestionDefaults;
  trainingTypes: readonly string[];
  limits?: Partial<IntakeLimits>;
}>;

/**
 * Takes questions, and answers 202 once the log has acknowledged them. NDJSON is published as it comes: memory holds one
 * chunk of it, and the client is slowed down to what the log takes.
 */
export function postQuestionsRoute(options: PostQuestionsOptions): Route {
  const { intake, defaults, trainingTypes } = options;
  const limits = { ...INTAKE_LIMITS, ...options.limits };
  const admission = new RequestLimit({ bytes: limits.heldBytes, requests: limits.requests });
  const inputs = questionInputs(trainingTypes);
  const label = z.string().max(200).optional();
  const query = z.object({
    topic: label.describe('Subject of the questions that name none.'),
    sub_topic: label,
    training_type: z.enum(trainingTypes).optional(),
    from: z
      .enum(FROM)
      .optional()
      .describe(
        'What answers in rows are for: `answer` and `pair` judge them, keep the good ones and mend the rest; `question` asks anew, and keeps them beside it.',
      ),
  });
  return {
    method: 'POST',
    path: '/v1/questions',
    summary: 'Put questions in.',
    description:
      'The same question twice is one question, so sending a request again is safe and costs nothing. Answered once every question is acknowledged by the log.',
    query,
    bodies: { [JSON_TYPE]: inputs.whole, [NDJSON_TYPE]: inputs.line },
    replies: { 202: { description: 'Acknowledged.', schema: acceptedSchema } },
    answer: async (request, reply) => {
      const { topic, sub_topic, training_type, from } = parsed(query, request.query, 'query');
      const type = expectMediaType(request, [JSON_TYPE, NDJSON_TYPE]);
      await loadChecksFor(from, training_type ?? defaults.trainingType);
      const mapper = new RowMapper('the body', {
        trainingTypes,
        from,
        atOnce: true,
        defaults: {
          topic: topic ?? defaults.topic,
          subTopic: sub_topic ?? defaults.subTopic,
          trainingType: training_type ?? defaults.trainingType,
        },
      });
      await intake.checkBacklog();
      const fields = await intake.fields();
      const leave = admission.enter(heldBytes(request, type, limits));
      const upload = new Upload(intake, limits.entries, fields);
      try {
        await (type === JSON_TYPE ? takeJson : takeLines)(request, { upload, mapper, limits });
        reply.code(202);
        return upload.reply();
      } catch (error) {
        throw upload.interrupted(error);
      } finally {
        leave();
      }
    },
  };
}

type Taking = Readonly<{ upload: Upload; mapper: RowMapper; limits: IntakeLimits }>;

async function takeLines(request: FastifyRequest, { upload, mapper, limits }: Taking): Promise<void> {
  const { ndjsonBytes: maxBytes, idleBodyMs, entryBytes: maxEntryBytes } = limits;
  const chunks = withNewlines(inUtf8('the body', bodyChunks(request, { maxBytes, idleBodyMs })));
  const { splitter, read } = jsonLines.open({ name: 'the body', maxEntryBytes });
  const takeRows = async (raws: Iterable<RawEntry>) => {
    for (const row of rowsOf(raws, read)) {
      if (row.kind === 'row') await loadChecksNamedIn(row.value);
      for (const entry of mapper.push(row)) upload.take(entry);
    }
  };
  for await (const chunk of chunks) {
    await takeRows(splitter.push(chunk));
    await upload.flush();
  }
  await takeRows(splitter.end());
  await upload.flush();
}

async function takeJson(request: FastifyRequest, { upload, mapper, limits }: Taking): Promise<void> {
  const { jsonBytes: maxBytes, idleBodyMs, entryBytes } = limits;
  const value = await readJson(request, { maxBytes, idleBodyMs });
  for (const [index, each] of listOf(value).entries()) {
    await loadChecksNamedIn(each);
    for (const entry of mapper.push({ kind: 'row', entry: whereIs(index), value: each }))
      upload.take(ofBoundedSize(entry, each, entryBytes));
  }
  await upload.flush();
}

const whereIs = (index: number) => ({ line: index + 1, label: '', text: '' });

/** What is longer would be no record that a stage takes. */
function ofBoundedSize(entry: InputEntry, value: unknown, mostBytes: number): InputEntry {
  if (entry.kind === 'bad') return entry;
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostBytes) return entry;
  const reason = `expected at most ${mostBytes} bytes, came ${bytes}`;
  return { kind: 'bad', line: entry.line, reason, text: keptText(text) };
}

const listSchema = z.looseObject({ questions: z.array(z.unknown()) });

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const list = listSchema.safeParse(value);
  return list.success && !('question' in list.data) ? list.data.questions : [value];
}

/** What a request may hold in memory. Of NDJSON at most one entry twice over, and the results. */
function heldBytes({ headers }: FastifyRequest, type: string, limits: IntakeLimits): number {
  const most = type === JSON_TYPE ? limits.jsonBytes : 4 * limits.entryBytes;
  const announced = Number(headers['content-length'] ?? most);
  return Number.isFinite(announced) ? Math.min(announced, most) : most;
}
