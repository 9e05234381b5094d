import { expect, it, vi } from 'vitest';
import {
  calledAs,
  sameData,
  sameFlags,
  sameModel,
  samePlace,
  sentAgainFrom,
} from '../../../src/features/run/place-flags.ts';

it.each<readonly [string, string[], string]>([
  ['nothing of a command without a place', ['run', 'questions.jsonl', '--quiet'], ''],
  [
    'data and namespace',
    ['run', '--data', 'here', '--namespace=mine', 'q.jsonl'],
    ' --data here --namespace mine',
  ],
  [
    'servers',
    ['worker', '--kafka', 'a:9092,b:9092', '--mongo', 'mongodb://m'],
    ' --kafka a:9092,b:9092 --mongo mongodb://m',
  ],
  ['a name with spaces as one word', ['run', '--data', "Ann's data"], ` --data 'Ann'\\''s data'`],
  ['no password', ['run', '--mongo', 'mongodb://me:secret@m', '--data', 'd'], ' --data d'],
  ['nothing of a flag without its value', ['run', '--data'], ''],
])('The next command is given %s', (_, given, place) => {
  expect(samePlace(given)).toBe(place);
});

it.each<readonly [string, string[], string]>([
  [
    'is that of a rehearsal which was asked for',
    ['run', 'q.jsonl', '--data', 'd', '--dry-run'],
    ' --data d --dry-run',
  ],
  ['is so too where a profile asks for one', ['run', '--simulate', 'latency=1ms', 'q.jsonl'], ' --dry-run'],
  ['is so where it is written in one word', ['run', '--simulate=latency=1ms'], ' --dry-run'],
  ['is the real one else', ['run', 'q.jsonl', '--data', 'd'], ' --data d'],
])('The data that the next command reads %s', (_, given, place) => {
  expect(sameData(given)).toBe(place);
});

it('The next command is given the flags that it shares with this one, and no others', () => {
  const given = ['dead-letters', '--lane', 'two', '--class=refused', '--json', '--data', 'd'];
  expect(sameFlags(['--lane', '--class'], given)).toBe(' --lane two --class refused');
});

it('What a rehearsal has failed at is sent again to the simulated model', () => {
  expect(sentAgainFrom(['dead-letters', '--data', 'd', '--dry-run'])).toBe(
    ' --data d --simulate latency=300ms',
  );
  expect(sentAgainFrom(['dead-letters', '--data', 'd'])).toBe(' --data d');
});

it('What failed at a server that was named is sent again there', () => {
  const given = ['run', 'q.jsonl', '--base-url', 'http://localhost:11434/v1', '--model=qwen3', '--data', 'd'];
  expect(sentAgainFrom(given)).toBe(' --data d --base-url http://localhost:11434/v1');
  expect(sameModel(given)).toBe(' --data d --base-url http://localhost:11434/v1 --model qwen3');
});

it('is called as the command before it was: in the repository by npm, where millrace is not installed', () => {
  vi.stubEnv('npm_lifecycle_event', 'start');
  expect(calledAs()).toBe('npm start --');
  vi.stubEnv('npm_lifecycle_event', 'test');
  expect(calledAs()).toBe('millrace');
});
