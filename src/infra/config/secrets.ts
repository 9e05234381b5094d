import type { Settings } from './settings.ts';

/** Variables of the environment that hold something secret, by their names. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH/i;
/** What names a secret, and is none. */
const SAFE_NAME = /Variable$|File$|^max[A-Z]|Tokens(?:PerDay)?$/;
const SHORTEST_SECRET = 4;
const REDACTED = '[redacted]';

// Bounded: an unbounded scheme or path makes the time grow with the square of a long text without spaces.
const URL_LOGIN = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"']{0,1000}@/gi;
const URL_QUERY = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'?]{0,1000})\?[^\s"']*/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
/** Keys as vendors make them: `sk-…`, `gsk_…`, `xai-…`, `AIza…`. */
const VENDOR_KEY = /\b(?:sk|pk|rk|gsk|xai|hf|key)[-_][\w-]{12,}|\bAIza[\w-]{20,}/g;

/** Every secret that this process knows: from its environment, and from the settings. */
export function secretsOf(settings: Settings | undefined): readonly string[] {
  const named = new Set([
    settings?.apiKeyVariable,
    settings?.kafkaSasl?.passwordVariable,
    ...Object.values(settings?.agents ?? {}).map((agent) => agent?.apiKeyVariable),
  ]);
  const fromEnvironment = Object.entries(process.env).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) || named.has(name) ? [value, value.trim()] : [],
  );
  const logins = [settings?.mongo, settings?.baseUrl, ...baseUrls(settings)].flatMap(loginOf);
  const all = [...fromEnvironment, ...logins, settings?.httpToken ?? ''];
  return [...new Set(all)]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
}

function baseUrls(settings: Settings | undefined): readonly (string | undefined)[] {
  return Object.values(settings?.agents ?? {}).map((agent) => agent?.baseUrl);
}

/** User and password of a URL, as they are written and as they are meant. */
function loginOf(url: string | undefined): readonly string[] {
  const login = /^[a-z][a-z0-9+.-]*:\/\/([^@/]*)@/i.exec(url ?? '')?.[1];
  const password = login?.slice(login.indexOf(':') + 1);
  return password === undefined ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
      if (name === 'extraBody' && value !== undefined) return REDACTED;
      if (SECRET_NAME.test(name) && !SAFE_NAME.test(name) && typeof value === 'string') return REDACTED;
      return typeof value === 'string' ? redactText(value, secrets) : value;
    }),
  );
}
