import {
  BSON,
  MongoBulkWriteError,
  MongoCompatibilityError,
  MongoError,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoMissingDependencyError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { errorText, Failure, type FailureKind } from '../../../streams/failure.ts';
import { causesOf, networkTrouble, textFieldOf } from '../../network-trouble.ts';

/** A unique key exists already: the first writer decided, and callers see no error. */
export const DUPLICATE_KEY = 11_000;

// https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml; 8000 is Atlas's own.
const UNAUTHORIZED: ReadonlySet<number> = new Set([13, 18, 8_000]);
/** Failed a validator, or larger than the server takes. */
const RECORD_REFUSED: ReadonlySet<number> = new Set([121, 10_334, 17_419, 17_420]);
/** A command or an index that this server cannot take, whatever the record. */
const COMMAND_REFUSED: ReadonlySet<number> = new Set([2, 9, 14, 20, 59, 73, 85, 86, 115, 123]);
/** The primary is stepping down, starting or gone, or somebody wrote the same key at the same moment. */
const GONE_IN_A_MOMENT: ReadonlySet<number> = new Set([
  ...[6, 7, 89, 91, 189, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436, DUPLICATE_KEY],
]);

/** Nothing that a server or a connection brings is of these. */
const MISUSE = [
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoMissingDependencyError,
  MongoCompatibilityError,
];
/** A right that is missing for longer was taken away. */
const UNAUTHORIZED_STAYS_MS = 5 * 60_000;
const UNAUTHORIZED_ADVICE =
  'Check user and password in the URI, and that the user has the role readWrite on the database';

/** Whether this process has worked with the server before. */
export type When = 'start' | 'work';

type Sort = Readonly<{ kind: FailureKind; code: string; advice?: string; fatalAfterMs?: number }>;

const MAX_TEXT = 500;
const CREDENTIALS = /(mongodb(?:\+srv)?:\/\/)\S*@/gi;

/**
 * Sorts an error of the driver by codes and classes. Whatever cannot be named as misuse is an outage: every write here is
 * safe to repeat, so it is waited out, under an alarm. At the start of a process also what a person has to change first is
 * fatal: a right that is missing, a certificate that is not accepted. No message ever holds the credentials of a URI.
 */
export function classifyMongo(error: unknown, doing: string, when: When = 'work'): Failure {
  if (error instanceof Failure) return error;
  const root = rootOf(error);
  const { kind, code, advice, fatalAfterMs } = sortOf(root, when);
  const what = `MongoDB: ${doing} failed: ${withoutCredentials(errorText(root)).slice(0, MAX_TEXT)}${hostsOf(root)}`;
  const message = advice === undefined ? what : `${what}. ${advice}.`;
  const facts = { cause: error };
  return new Failure(kind, code, message, fatalAfterMs === undefined ? facts : { ...facts, fatalAfterMs });
}

/** The text without the user and password of a MongoDB URI. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1');
}

/** Whether the same call may well work at once: on another connection, or with the new primary. */
export function isGoneInAMoment(error: unknown): boolean {
  const root = rootOf(error);
  if (root instanceof MongoNetworkError) return !(root instanceof MongoNetworkTimeoutError);
  // Driver 7.9 passes on as it is what a write to a socket throws that the other side has closed.
  if (networkTrouble(textFieldOf(root, 'code') ?? '') === 'broken') return true;
  return codesOf(root).some((code) => GONE_IN_A_MOMENT.has(code));
}

/** The codes of the error and, of a bulk, of each write in it that failed. */
function codesOf(error: unknown): readonly number[] {
  if (!(error instanceof MongoServerError)) return [];
  const writes = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  return [error.code, ...writes.map(({ code }) => code)].filter((code) => typeof code === 'number');
}

/** Driver 7.9 wraps whatever happens to a bulk, a broken connection too, in a MongoBulkWriteError. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const wrapped: unknown = error.errorResponse;
  return wrapped instanceof Error ? wrapped : error;
}

function sortOf(root: unknown, when: When): Sort {
  const codes = codesOf(root);
  const has = (known: ReadonlySet<number>) => codes.some((code) => known.has(code));
  if (has(UNAUTHORIZED)) return unauthorized(when);
  if (has(RECORD_REFUSED) || isUnwritable(root)) return { kind: 'poison', code: 'mongo_refused' };
  if (has(COMMAND_REFUSED)) return { kind: 'fatal', code: 'mongo_unsupported' };
  if (MISUSE.some((each) => root instanceof each)) return { kind: 'fatal', code: 'mongo_settings' };
  if (when === 'start') {
    const advice = settingsAdvice(root);
    if (advice !== undefined) return { kind: 'fatal', code: 'mongo_settings', advice };
  }
  if (root instanceof MongoError || troublesOf(root).length > 0)
    return { kind: 'outage', code: 'mongo_unavailable' };
  return { kind: 'outage', code: 'mongo_unexpected' };
}

/** A primary that has just begun, or a password that is being changed, refuses for a moment what was allowed before. */
function unauthorized(when: When): Sort {
  const common = { code: 'mongo_unauthorized', advice: UNAUTHORIZED_ADVICE };
  if (when === 'start') return { kind: 'fatal', ...common };
  return { kind: 'outage', ...common, fatalAfterMs: UNAUTHORIZED_STAYS_MS };
}

/**
 * Such as a null character in a name, or what is nested too deep for the stack. An offset error, and whatever Node gives a code, is
 * of reading: the connection brought something broken.
 */
function isUnwritable(root: unknown): boolean {
  if (root instanceof RangeError) return !('code' in root);
  return root instanceof BSON.BSONError && !(root instanceof BSON.BSONOffsetError);
}

/** What a person has to change before this process can ever work with the server. */
function settingsAdvice(root: unknown): string | undefined {
  if (root instanceof MongoParseError) return 'Check the URI, and the records of its name in DNS';
  const troubles = troublesOf(root);
  if (troubles.includes('certificate'))
    return 'The certificate of the server is not accepted: name the server as its certificate does, or give the file with its authority as tlsCAFile in the URI';
  return troubles.includes('misuse') ? 'Check the URI' : undefined;
}

/** What the codes of the error and of its causes say, those of each server that was asked included. */
function troublesOf(root: unknown) {
  const servers = root instanceof MongoServerSelectionError ? [...(root.reason?.servers.values() ?? [])] : [];
  return [root, ...servers.map(({ error }) => error)]
    .flatMap(causesOf)
    .flatMap((each) => networkTrouble(textFieldOf(each, 'code') ?? '') ?? []);
}

/** Where no server answered, which ones were asked. */
function hostsOf(root: unknown): string {
  if (!(root instanceof MongoServerSelectionError)) return '';
  const hosts = [...(root.reason?.servers.keys() ?? [])];
  return hosts.length === 0 ? '' : ` (${hosts.join(', ')})`;
}
