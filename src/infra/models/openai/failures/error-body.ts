import { isObject, parseJson } from '../../../../stages/text/json.ts';

/** What an error body tells, in whatever shape it comes. */
export type ErrorBody = Readonly<{
  /** The server's own words, as they came; empty if it said nothing. */
  said: string;
  /** Codes, types and statuses of the error, in small letters. */
  codes: readonly string[];
  /** The parameter that is to blame. */
  param: string;
  /** The status of an error that came in an answer of another status. */
  status: number | undefined;
  /** What the model wrote, where the server looked at it and found it bad: https://console.groq.com/docs/structured-outputs. */
  failedGeneration: string | undefined;
  /** Somebody looked at the prompt and did not like it. */
  flagged: boolean;
}>;

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_READ = 100_000;
/** Where servers put their words, the plainest first: OpenAI, FastAPI, RFC 9457, SOAP, Bedrock. */
const WORDS = [
  'message',
  'error',
  'detail',
  'msg',
  'error_msg',
  'errorMessage',
  'error_description',
  'title',
];
const MORE_WORDS = ['Message', 'faultstring', 'fault', 'reason', 'description', 'errors', 'text'];
const CODES = ['code', 'type', 'status', 'error_code', 'errorCode', 'reason', '__type'];
const MAX_DEPTH = 4;

/** Reads a body of any kind: JSON of many shapes, HTML, XML, text. */
export function errorBody(body: string): ErrorBody {
  const shown = body.slice(0, LONGEST_READ);
  const value = parseJson(shown);
  const top = fieldsOf(value);
  if (top === undefined)
    return { ...NOTHING, said: typeof value === 'string' ? value : wordsOfMarkup(shown) };
  const inner = fieldsOf(top['error']) ?? {};
  const metadata = fieldsOf(inner['metadata']) ?? {};
  const codes = [inner, top].flatMap((each) => CODES.map((name) => each[name]));
  const failed = inner['failed_generation'];
  return {
    said: withRaw(wordsIn(value, MAX_DEPTH) ?? (Object.keys(top).length === 0 ? '' : shown), metadata),
    codes: codes.filter((code) => typeof code === 'string' || typeof code === 'number').map(plainCode),
    param: typeof inner['param'] === 'string' ? inner['param'] : '',
    status: [inner['code'], inner['status'], top['code'], top['status']].find(isErrorStatus),
    failedGeneration: typeof failed === 'string' ? failed : undefined,
    flagged: metadata['reasons'] !== undefined || metadata['flagged_input'] !== undefined,
  };
}

const NOTHING: ErrorBody = {
  said: '',
  codes: [],
  param: '',
  status: undefined,
  failedGeneration: undefined,
  flagged: false,
};

function plainCode(code: string | number): string {
  return String(code).toLowerCase();
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value < 600;
}

/** OpenRouter says "Provider returned error", and hands on what the provider said beside it. */
function withRaw(said: string, { raw }: Fields): string {
  if (raw === undefined || raw === null) return said;
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  const inner = fieldsOf(parseJson(text)) === undefined ? wordsOfMarkup(text) : errorBody(text).said;
  return inner === '' || said.includes(inner) ? said : `${said}: ${inner}`;
}

function wordsIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) {
    const all = value.slice(0, 3).flatMap((each: unknown) => wordsIn(each, depth - 1) ?? []);
    return all.length === 0 ? undefined : all.join('; ');
  }
  const object = fieldsOf(value);
  if (object === undefined) return undefined;
  // A word for a word: the error within goes before a bare title around it.
  for (const name of [...WORDS, ...MORE_WORDS]) {
    const words = wordsIn(object[name], depth - 1);
    if (words !== undefined) return words;
  }
  return undefined;
}

/** Gemini puts its error into a list of one. */
function fieldsOf(value: unknown): Fields | undefined {
  const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(only) ? only : undefined;
}

const TITLE = /<title[^>]*>([^<]{1,500})/i;
const UNSEEN_PARTS = /<(script|style|head)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Text as it is; of HTML and XML the words between the tags, the title first. */
function wordsOfMarkup(text: string): string {
  const trimmed = text.trim();
  if (!/^<[!?a-z]/i.test(trimmed)) return trimmed;
  const title = TITLE.exec(trimmed)?.[1]?.trim() ?? '';
  const words = trimmed
    .replace(UNSEEN_PARTS, ' ')
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return title === '' || words.startsWith(title) ? words : [title, words].filter(Boolean).join(': ');
}
