import { z } from 'zod';
import { parseJson } from '../../../stages/text/json.ts';
import { errorText } from '../../../streams/failure.ts';
import { checkedEndpoint, type LlmEndpoint, requestTo, secretsOfEndpoint, withKey } from './endpoint.ts';
import { safeText } from './failures/redact.ts';
import { httpExchange } from './transport/http-exchange.ts';
import { isSuccess } from './transport/text-reply.ts';

/** What a server says to the question which models it has: https://platform.openai.com/docs/api-reference/models/list. */
export type ListedModels =
  | Readonly<{ kind: 'listed'; models: ReadonlySet<string> }>
  | Readonly<{ kind: 'refused'; status: number }>
  /** It does not list its models, so nothing is known of the key and the model. */
  | Readonly<{ kind: 'unlisted'; status: number }>
  | Readonly<{ kind: 'unreachable'; reason: string }>;

const TIMEOUT_MS = 10_000;
const bodySchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Asks for the list of models, which costs nothing. Throws a Failure only for an endpoint that cannot work. */
export async function listModels(unchecked: LlmEndpoint): Promise<ListedModels> {
  const endpoint = await withKey(checkedEndpoint(unchecked));
  const { url, headers } = requestTo(endpoint, '/models');
  try {
    const { status, text } = await httpExchange()({
      method: 'GET',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: { ...headers },
      signal: new AbortController().signal,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 401 || status === 403) return { kind: 'refused', status };
    const body = bodySchema.safeParse(parseJson(text));
    if (!isSuccess(status) || !body.success) return { kind: 'unlisted', status };
    return { kind: 'listed', models: new Set(body.data.data.map(({ id }) => id)) };
  } catch (error) {
    const text = errorText(error);
    return { kind: 'unreachable', reason: safeText(text, secretsOfEndpoint(endpoint)) };
  }
}
