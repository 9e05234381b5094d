/** Names of variables, settings and parameters that hold something secret. */
export const SECRET_NAME = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|SIGNATURE/i;
/** Keys as vendors make them: `sk-…`, `gsk_…`, `xai-…`, `AIza…`. */
export const VENDOR_KEY = /\b(?:sk|pk|rk|gsk|xai|hf|key)[-_][\w-]{12,}|\bAIza[\w-]{20,}/g;

/** Anything shorter stands in too many words that are none. */
const SHORTEST_SECRET = 4;
/** Of a text under a harmless name: `reasoning_effort: "medium"` is none. */
const SHORTEST_UNNAMED = 8;

/** Every text within a value of JSON that may be a secret: all that is long, and what stands under the name of one. */
export function secretTextsIn(value: unknown, name = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => secretTextsIn(each, name));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, each]) => secretTextsIn(each, inner));
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value);
  if (SECRET_NAME.test(name)) return [text];
  return typeof value === 'string' && text.length >= SHORTEST_UNNAMED ? [text] : [];
}

/** The secrets that a URL holds: its password, and of its query what may be one. Empty for what is no URL. */
export function secretTextsOfUrl(text: string | undefined): readonly string[] {
  const url = URL.parse(text ?? '');
  if (url === null) return [];
  const { username, password, searchParams } = url;
  const logIn = [username, password].map(percentDecoded).join(':');
  const sent =
    password === '' ? [] : [password, percentDecoded(password), Buffer.from(logIn).toString('base64')];
  // Where there is no password, the name is the key: https://docs.stripe.com/api/authentication.
  const key = password === '' ? [username, percentDecoded(username)] : [];
  return [...sent, ...key, ...secretTextsIn(Object.fromEntries(searchParams))];
}

/** Each secret once, in every form in which it may be repeated, the longest first: what is part of another goes with it. */
export function formsOf(secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((each) => [each, JSON.stringify(each).slice(1, -1), encoded(each)]);
  return [...new Set(forms)]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What a part of an address says; the part as it is where it is no such thing. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
