import { kindOf } from '../input/mapping/entry-schema.ts';
import { shownRefusedUrl } from '../models/openai/shown-url.ts';
import { redactText, secretsOf } from './secrets.ts';

const URLS: ReadonlySet<string> = new Set(['baseUrl', 'otlpEndpoint', 'kafka', 'mongo']);
/** Settings whose value may be a secret, or holds some. */
const SECRET: ReadonlySet<string> = new Set([
  ...['httpToken', 'kafkaSasl', 'kafkaToken', 'extraBody', 'apiKey', 'apiKeyVariable', 'passwordVariable'],
  ...['agents', 'shadows'],
]);
/** `agents`, `review` and the name of its setting. */
const DEPTH_OF_AGENTS = 3;
const LONGEST_SHOWN = 100;

/**
 * A refused value for a message. What may be a secret, or holds one, is told by its kind alone; of a URL neither log-in nor
 * query are shown.
 * @param path the names that lead to it, from that of the setting on.
 */
export function shownValue(path: readonly PropertyKey[], value: unknown): string {
  const names = path.map(String);
  const own =
    names.length >= DEPTH_OF_AGENTS && /^(agents|shadows)$/.test(names[0] ?? '') ? names.slice(2) : names;
  const isUrl = own.some((name) => URLS.has(name));
  if (isUrl && typeof value === 'string')
    return shownRefusedUrl(value) ?? `${kindOf(value)} that is no URL with a host`;
  if (isUrl || own.some((name) => SECRET.has(name)) || typeof value === 'object') return kindOf(value);
  if (typeof value !== 'string') return String(value);
  return redactText(JSON.stringify(value.slice(0, LONGEST_SHOWN)), secretsOf(undefined));
}
