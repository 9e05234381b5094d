import {
  formsOf,
  percentDecoded,
  SECRET_NAME,
  secretTextsIn,
  secretTextsOfUrl,
  VENDOR_KEY,
} from '../secret-patterns.ts';
import type { Settings } from './settings.ts';

/** Variables that name where a secret is. */
const PLACE = /(?:FILE|PATH|DIR|SOCK|VARIABLE)$/i;
/** What names a secret, and is none. */
const SAFE_NAME = /Variable$|File$|^max[A-Z]|Tokens(?:PerDay)?$/;
const REDACTED = '[redacted]';

// Bounded: an unbounded scheme or path makes the time grow with the square of a long text without spaces.
const URL_LOGIN = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"']{0,1000}@/gi;
const URL_QUERY = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'?]{0,1000})\?[^\s"']*/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;

/** Every secret that this process knows, in each form in which it may be written: from its environment, and from the settings. */
export function secretsOf(settings: Settings | undefined): readonly string[] {
  const agents = [...Object.values(settings?.agents ?? {}), ...Object.values(settings?.shadows ?? {})];
  const named = new Set([
    settings?.apiKeyVariable,
    settings?.kafkaSasl?.passwordVariable,
    settings?.embeddings?.apiKeyVariable,
    ...variablesOf(settings?.lookUpTools),
    ...agents.map((agent) => agent?.apiKeyVariable),
  ]);
  const fromEnvironment = Object.entries(process.env).flatMap(([name, value = '']) =>
    named.has(name) || (SECRET_NAME.test(name) && !PLACE.test(name))
      ? [value, value.trim()]
      : secretTextsOfUrl(value.trim()),
  );
  const urls = [
    settings?.mongo,
    settings?.otlpEndpoint,
    settings?.baseUrl,
    settings?.embeddings?.baseUrl,
    ...agents.map((agent) => agent?.baseUrl),
  ];
  const bodies = [settings?.extraBody, ...agents.map((agent) => agent?.extraBody)];
  return formsOf([
    ...fromEnvironment,
    ...urls.flatMap(logInOf),
    ...urls.flatMap(secretTextsOfUrl),
    ...bodies.flatMap((body) => secretTextsIn(body)),
    settings?.httpToken ?? '',
  ]);
}

/** Variables whose values look-ups are let in with. */
function variablesOf({ web, mcp = {} }: Settings['lookUpTools'] = {}): readonly (string | undefined)[] {
  const servers = Object.values(mcp).flatMap(({ env = [], headers = {} }) => [
    ...env,
    ...Object.values(headers),
  ]);
  return [web?.keyVariable, ...servers];
}

/** The password of a URL with several hosts, as MongoDB has it, which no parser of URLs takes. */
function logInOf(url: string | undefined): readonly string[] {
  const logIn = /^[a-z][a-z0-9+.-]*:\/\/([^@/]*)@/i.exec(url ?? '')?.[1];
  const password = logIn?.slice(logIn.indexOf(':') + 1);
  return password === undefined ? [] : [password, percentDecoded(password)];
}

/** The text without the secrets, and without what looks like one. */
export function redactText(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text);
  return known
    .replace(URL_LOGIN, `$1${REDACTED}@`)
    .replace(URL_QUERY, `$1?${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(VENDOR_KEY, REDACTED);
}

/** Settings fit for strangers' eyes: what is sent to a server beside a prompt is left out whole. */
export function redactSettings(settings: Settings): unknown {
  const secrets = secretsOf(settings);
  return JSON.parse(
    JSON.stringify(settings, (name, value: unknown) => {
      if (typeof value === 'function') return REDACTED;
      if (name === 'plugins' && Array.isArray(value)) return value.map(pluginName);
      if (name === 'extraBody' && value !== undefined) return REDACTED;
      if (SECRET_NAME.test(name) && !SAFE_NAME.test(name) && typeof value === 'string') return REDACTED;
      return typeof value === 'string' ? redactText(value, secrets) : value;
    }),
  );
}

/** A plugin is code: its name says which one it is. */
function pluginName(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  return typeof entry === 'object' && entry !== null && 'name' in entry ? String(entry.name) : 'a function';
}
