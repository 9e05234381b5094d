import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { Failure, type FailureKind } from '../../streams/failure.ts';

/** A unique key stands already: decided by whoever wrote it, never an error to a caller. */
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

const MAX_TEXT = 500;
const CREDENTIALS = /(mongodb(?:\+srv)?:\/\/)\S*@/gi;

/**
 * Sorts an error of the driver. Network errors, time-outs, elections and unknown results of a write are outages: every
 * write here is safe to repeat, so they are waited out. No message ever holds the credentials of a URI.
 */
export function classifyMongo(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const root = rootOf(error);
  const text = root instanceof Error ? root.message : String(root);
  const message = `MongoDB: ${doing} failed: ${withoutCredentials(text).slice(0, MAX_TEXT)}${hostsOf(root)}`;
  const [kind, code] = sortOf(root);
  return new Failure(kind, code, message, { cause: error });
}

/** The text without the user and password of a MongoDB URI. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1');
}

/** Whether the same call may well work at once: on another connection, or with the new primary. */
export function isGoneInAMoment(error: unknown): boolean {
  const root = rootOf(error);
  if (root instanceof MongoNetworkError) return !(root instanceof MongoNetworkTimeoutError);
  return codesOf(root).some((code) => GONE_IN_A_MOMENT.has(code));
}

/** The codes of the error and, of a bulk, of each write in it that failed. */
export function codesOf(error: unknown): readonly number[] {
  if (!(error instanceof MongoServerError)) return [];
  const writes = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  return [error.code, ...writes.map(({ code }) => code)].filter((code) => typeof code === 'number');
}

/** Driver 7.9 wraps whatever happens to a bulk, a broken connection too, in a MongoBulkWriteError. */
export function rootOf(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const wrapped: unknown = error.errorResponse;
  return wrapped instanceof Error ? wrapped : error;
}

function sortOf(root: unknown): readonly [FailureKind, string] {
  const codes = codesOf(root);
  const has = (known: ReadonlySet<number>) => codes.some((code) => known.has(code));
  if (has(UNAUTHORIZED)) return ['fatal', 'mongo_unauthorized'];
  if (has(RECORD_REFUSED)) return ['poison', 'mongo_refused'];
  if (has(COMMAND_REFUSED)) return ['fatal', 'mongo_unsupported'];
  if (isMisuse(root)) return ['fatal', 'mongo_settings'];
  if (root instanceof MongoError || isOfTheSystem(root)) return ['outage', 'mongo_unavailable'];
  return ['fatal', 'mongo_unexpected'];
}

function isMisuse(root: unknown): boolean {
  if (root instanceof MongoParseError) return true;
  const closed =
    root instanceof MongoNotConnectedError ||
    root instanceof MongoTopologyClosedError ||
    root instanceof MongoClientClosedError;
  return root instanceof MongoAPIError && !closed;
}

/** Such as a name that DNS does not know: https://nodejs.org/api/errors.html#class-systemerror. */
function isOfTheSystem(root: unknown): boolean {
  return root instanceof Error && 'syscall' in root;
}

/** Where no server answered, which ones were asked. */
function hostsOf(root: unknown): string {
  if (!(root instanceof MongoServerSelectionError)) return '';
  const hosts = [...(root.reason?.servers.keys() ?? [])];
  return hosts.length === 0 ? '' : ` (${hosts.join(', ')})`;
}
