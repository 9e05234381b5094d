import { z } from 'zod';
import { isObject, ownField } from '../../stages/text/json.ts';
import { Failure } from '../../streams/failure.ts';
import { kindOf } from '../input/mapping/entry-schema.ts';
import { shownRefusedUrl } from '../models/openai/shown-url.ts';
import { priceTableOf } from '../models/prices.ts';
import { registerPlugins } from '../plugins/load.ts';
import { registerTypes } from '../plugins/load-types.ts';
import { settingsFromEnvironment } from './environment.ts';
import { readConfigFile } from './files/config-file.ts';
import { readPriceFile } from './files/price-file.ts';
import { redactText, secretsOf } from './secrets.ts';
import { type RawSettings, type Settings, settingsSchema } from './settings.ts';

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
 * The settings: flags before environment before the configuration file before defaults. Their plugins are registered. Throws a Failure (`bad_setting`,
 * `bad_config`, `bad_plugin` or `config_not_allowed`) that names the setting, what was expected, and what came, and repeats no secret.
 * @param flags read once the plugins are registered.
 * @param onFile hears which configuration file is used, if any.
 * @param onNoTypes hears of `types` without a file. Left out: they are a Failure (`bad_type`).
 */
export async function loadSettings(
  flags: () => RawSettings,
  configPath?: string,
  onFile: (path: string) => void = () => undefined,
  onNoTypes?: (text: string) => void,
): Promise<Settings> {
  const file = await readConfigFile(configPath);
  if (file !== undefined) onFile(file.path);
  const set = merged(file?.settings ?? {}, settingsFromEnvironment());
  // What they bring may have settings and flags: these are read with them.
  const { data: plugins = [] } = settingsSchema.shape.plugins.safeParse(set['plugins']);
  await registerPlugins(plugins);
  const settings = parseSettings(merged(set, flags()));
  await registerTypes(settings.types, onNoTypes);
  return { ...settings, prices: { ...priceTableOf(readPriceFile()), ...settings.prices } };
}

/** Later settings before earlier ones; what belongs to single agents is merged agent by agent. */
function merged(earlier: RawSettings, later: RawSettings): RawSettings {
  const entries = Object.entries(later).map(([name, value]) => {
    const existing = earlier[name];
    const both = isObject(existing) && isObject(value);
    return [name, both ? merged(existing, value) : value] as const;
  });
  return { ...earlier, ...Object.fromEntries(entries) };
}

/** Checks settings that were given as an object. */
export function parseSettings(raw: RawSettings): Settings {
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => describe(issue, raw));
  throw new Failure('fatal', 'bad_setting', problems.join('\n'));
}

function describe(issue: z.core.$ZodIssue, raw: RawSettings): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => [...issue.path, key].map(String).join('.'));
    const known = keysAt(settingsSchema, issue.path);
    return `Unknown setting ${keys.join(', ')}.${known.length === 0 ? '' : ` Known are: ${known.join(', ')}.`}`;
  }
  const name = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>((inner, key) => ownField(inner, String(key)), raw);
  return `Bad value for ${name}: ${expectedOf(issue)}; got ${shownValue(issue.path, value)}.`;
}

/** What the settings at a path may have; none where that depends on what stands there. */
function keysAt(schema: unknown, [key, ...rest]: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysAt(schema.unwrap(), key === undefined ? [] : [key, ...rest]);
  if (schema instanceof z.ZodObject)
    return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(key)], rest);
  if (schema instanceof z.ZodRecord && key !== undefined) return keysAt(schema.valueType, rest);
  return [];
}

function expectedOf(issue: z.core.$ZodIssue): string {
  const isNumber = 'origin' in issue && (issue.origin === 'number' || issue.origin === 'int');
  if (isNumber && issue.code === 'too_big')
    return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  if (isNumber && issue.code === 'too_small')
    return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  return issue.message.replace(/^Invalid (?:input|option): |, received (?:NaN|\w+)$/g, '');
}

/**
 * A refused value for a message. What may be a secret, or holds one, is told by its kind alone; of a URL neither log-in nor
 * query are shown.
 * @param path the names that lead to it, from that of the setting on.
 */
function shownValue(path: readonly PropertyKey[], value: unknown): string {
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
