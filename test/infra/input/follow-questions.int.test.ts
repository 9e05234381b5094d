import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followQuestions } from '../../../src/infra/input/follow-questions.ts';
import type { InputEntry } from '../../../src/infra/input/input-entry.ts';
import { failureOf } from '../../support/failure-of.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';
import { inShort, options } from './reading.ts';

/** A follower at work, and what it has seen so far. It ends with the test. */
function follow(path: string, lookMs = 60_000) {
  const stop = new AbortController();
  const entries: InputEntry[] = [];
  const notices: string[] = [];
  const work = async () => {
    const given = { ...options, signal: stop.signal, lookMs, onNotice: (text: string) => notices.push(text) };
    for await (const entry of followQuestions(path, given)) entries.push(entry);
  };
  const ended = work();
  ended.catch(() => undefined);
  onTestFinished(() => stop.abort());
  const seen = (...expected: readonly string[]) =>
    until(`${expected.join(' | ')} is seen`, () => inShort(entries).length >= expected.length).then(() =>
      expect(inShort(entries)).toEqual(expected),
    );
  return { stop, ended, seen, notices };
}

async function opened(text: string, lookMs?: number) {
  const path = join(await tempDir(), 'questions.txt');
  await writeFile(path, text);
  return { path, ...follow(path, lookMs) };
}

describe('a file that is followed', () => {
  it('gives its lines and every line that is added, once its newline is there', async () => {
    const { path, seen } = await opened('first?\nsecond?\nthi');
    await seen('1 first?', '2 second?');
    await appendFile(path, 'rd?\nfourth');
    await seen('1 first?', '2 second?', '3 third?');
    await appendFile(path, '?\n');
    await seen('1 first?', '2 second?', '3 third?', '4 fourth?');
  });

  it('is waited for while it is not there', async () => {
    const directory = await tempDir();
    const path = join(directory, 'later.jsonl');
    const { seen, notices } = follow(path);
    await until('it waits', () => notices.length > 0);
    await writeFile(path, '{"question":"first?"}\n');
    await seen('1 first?');
    expect(notices).toEqual([`${path} is not there yet: waiting for it.`]);
  });

  it('is read to its end when another takes its name, whose lines follow', async () => {
    const { path, seen, notices } = await opened('first?\n');
    await seen('1 first?');
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, 'second?\nlast without its newline?');
    await writeFile(path, 'new first?\n');
    await seen('1 first?', '2 second?', '3 last without its newline?', '1 new first?');
    expect(notices).toEqual([`${path} was replaced: reading the new one.`]);
    await appendFile(path, 'new second?\n');
    await seen('1 first?', '2 second?', '3 last without its newline?', '1 new first?', '2 new second?');
  });

  it('is read from its beginning when it was cut, without the half of a line that is gone', async () => {
    const { path, seen, notices } = await opened('a first and quite long line?\nhalf a li');
    await seen('1 a first and quite long line?');
    await truncate(path, 0);
    await until('the cut is noticed', () => notices.length > 0);
    await appendFile(path, 'afresh?\n');
    await seen('1 a first and quite long line?', '1 afresh?');
  });

  it('may be deleted and made again', async () => {
    const { path, seen } = await opened('first?\n');
    await seen('1 first?');
    await rm(path);
    await writeFile(path, 'second?\n');
    await seen('1 first?', '1 second?');
  });

  it('is found to have grown where no notification comes', async () => {
    const directory = await tempDir();
    await mkdir(join(directory, 'elsewhere'));
    const target = join(directory, 'elsewhere', 'questions.txt');
    await writeFile(target, 'first?\n');
    await symlink(target, join(directory, 'link.txt'));
    const { seen } = follow(join(directory, 'link.txt'), 20);
    await seen('1 first?');
    await appendFile(target, 'second?\n');
    await seen('1 first?', '2 second?');
  });

  it('gives a bad line as such and goes on', async () => {
    const path = join(await tempDir(), 'questions.jsonl');
    await writeFile(path, '\ufeff{"question":"first?"}\n\nno json\n{"question":"second?"}\n');
    const { seen } = follow(path);
    await seen(
      '1 first?',
      `3 bad: expected JSON, came something else: Unexpected token 'o', "no json" is not valid JSON`,
      '4 second?',
    );
  });

  it('ends when it is told to, wherever it waits, and leaves the line that is not whole', async () => {
    const { stop, ended, seen } = await opened('first?\nsec');
    await seen('1 first?');
    stop.abort();
    await ended;
    await seen('1 first?');
    const nowhere = follow(join(await tempDir(), 'nowhere.txt'));
    await until('it waits', () => nowhere.notices.length > 0);
    nowhere.stop.abort();
    await nowhere.ended;
  });

  it('is a file of lines and nothing else', async () => {
    const directory = await tempDir();
    for (const name of ['questions.json', 'questions.csv', 'questions'])
      expect((await failureOf(() => follow(join(directory, name)).ended)).code).toBe('input_follow');
    await mkdir(join(directory, 'directory.txt'));
    const failure = await failureOf(() => follow(join(directory, 'directory.txt')).ended);
    expect([failure.code, failure.message]).toEqual([
      'input_follow',
      expect.stringContaining('standard input'),
    ]);
  });
});
