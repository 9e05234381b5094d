import { expect, it } from 'vitest';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';

it('says what was expected and what came', () => {
  expect(() => parseSettings({ batchSize: -1 })).toThrow(/batchSize: .*; got -1/);
});

it('never shows a secret, whatever is wrong with it', () => {
  for (const httpToken of [123_456_789, ['hunter2-hunter2'], '', { secret: 'hunter2-hunter2' }])
    expect(() => parseSettings({ httpToken })).toThrow(/^Bad value for httpToken: .*; got another\.$/);
});

it('tells the address of another server from that of its own, and shows no password of it', () => {
  const uri = 'mongodb://me:hunter2@db:27017';
  expect(() => parseSettings({ kafka: uri })).toThrow(/^Bad value for kafka: .*belongs to mongo.*$/);
  expect(() => parseSettings({ kafka: 'http://localhost:9092' })).toThrow(/without a scheme/);
  expect(() => parseSettings({ mongo: 'localhost:9092' })).toThrow(/expected the URI of a MongoDB/);
  for (const given of [{ kafka: uri }, { mongo: 'http://me:hunter2@db' }])
    expect(() => parseSettings(given)).not.toThrow(/hunter2/);
  expect(parseSettings({ kafka: 'a:9092, b:9092', mongo: uri })).toMatchObject({ mongo: uri });
});
