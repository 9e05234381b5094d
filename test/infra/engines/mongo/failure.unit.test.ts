import {
  BSON,
  MongoClientClosedError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoParseError,
  MongoServerClosedError,
  MongoServerError,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import {
  classifyMongo,
  isGoneInAMoment,
  withoutCredentials,
} from '../../../../src/infra/engines/mongo/failure.ts';
import { Failure } from '../../../../src/streams/failure.ts';

const answered = (code: number) => new MongoServerError({ message: 'no', code });
const dnsError = Object.assign(new Error('querySrv ENOTFOUND'), { syscall: 'querySrv', code: 'ENOTFOUND' });

/** As Node's streams make it: without a system call. */
const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });

function failureToWrite(document: object): unknown {
  try {
    return BSON.serialize(document);
  } catch (error) {
    return error;
  }
}

describe('an error of MongoDB', () => {
  it.each([
    ['a broken connection', new MongoNetworkError('reset'), 'outage'],
    ['no answer in time', new MongoNetworkTimeoutError('timed out'), 'outage'],
    ['a name that DNS does not know', dnsError, 'outage'],
    ['a primary that steps down', answered(189), 'outage'],
    ['a majority that did not answer in time', answered(64), 'outage'],
    ['a code that nobody knows', answered(987_654), 'outage'],
    ['a client that is closed', new MongoClientClosedError(), 'outage'],
    ['a right that is gone in the middle of work', answered(13), 'outage'],
    ['a password that is gone in the middle of work', answered(18), 'outage'],
    ['a socket that the other side has ended', ended, 'outage'],
    ['a server that left the set', new MongoServerClosedError(), 'outage'],
    ['a message that is none', new MongoParseError('Message size cannot be negative'), 'outage'],
    ['what nobody knows', new TypeError('undefined is not a function'), 'outage'],
    ['a command that the server does not know', answered(59), 'fatal'],
    ['a wrong argument', new MongoInvalidArgumentError('no'), 'fatal'],
    ['a validator', answered(121), 'poison'],
    ['a document that is too large', answered(10_334), 'poison'],
    ['a name that no document may have', failureToWrite({ 'a\0b': 1 }), 'poison'],
  ])('is sorted by what it is: %s', (_, error, kind) => {
    expect(classifyMongo(error, 'reading').kind).toBe(kind);
  });

  it.each([
    ['a wrong password', answered(18), 'mongo_unauthorized'],
    ['a missing right', answered(13), 'mongo_unauthorized'],
    ['a wrong password on Atlas', answered(8_000), 'mongo_unauthorized'],
    ['a host name that is none', new MongoParseError('Server record does not share'), 'mongo_settings'],
  ])('is fatal at the start where a person has to change something: %s', (_, error, code) => {
    expect(classifyMongo(error, 'connecting', 'start')).toMatchObject({ kind: 'fatal', code });
  });

  it('says what to look at where a right is missing, and how long that is waited out', () => {
    const failure = classifyMongo(answered(13), 'storing results');
    expect(failure.message).toContain('readWrite');
    expect(failure.facts.fatalAfterMs).toBe(300_000);
  });

  it('that is a Failure already stays what it is', () => {
    const failure = new Failure('poison', 'mongo_too_large', 'too large');
    expect(classifyMongo(failure, 'storing')).toBe(failure);
  });

  it('is worth a repeat at once where the connection broke, and not where it only was silent', () => {
    expect(isGoneInAMoment(new MongoNetworkError('reset'))).toBe(true);
    expect(isGoneInAMoment(answered(10_107))).toBe(true);
    expect(isGoneInAMoment(ended)).toBe(true);
    expect(isGoneInAMoment(new MongoNetworkTimeoutError('timed out'))).toBe(false);
    expect(isGoneInAMoment(answered(121))).toBe(false);
  });

  it.each([
    ['mongodb://me:s3cr3t@db:27017/x', 'mongodb://db:27017/x'],
    [
      'cannot read mongodb+srv://me:s3c@r3t@db.example.net/?w=1 now',
      'cannot read mongodb+srv://db.example.net/?w=1 now',
    ],
    ['mongodb://db:27017', 'mongodb://db:27017'],
  ])('never shows credentials: %s', (text, shown) => {
    expect(withoutCredentials(text)).toBe(shown);
  });
});
