import { expect, it } from 'vitest';
import { describeLog, describeLogAdmin, describeStore } from '../../../../src/testing/engine.ts';
import { AskingLines } from '../../../conformance/asking-lines.ts';
import { describeJournals } from '../../../conformance/journals-suite.ts';
import { LogWorld, MemoryLog, MemoryLogAdmin } from './log.ts';
import { MemoryStore } from './store.ts';
import { MemoryTables } from './tables.ts';

describeLog('an engine in memory', async () => {
  const world = new LogWorld();
  let log = new MemoryLog(world);
  const reopen = async () => {
    await log.close();
    log = new MemoryLog(world);
    return log;
  };
  return { log, reopen, close: () => log.close() };
});

describeLogAdmin('an engine in memory', async () => {
  const world = new LogWorld();
  const log = new MemoryLog(world);
  return { log, admin: new MemoryLogAdmin(world), close: () => log.close() };
});

const asking = new AskingLines();

const open = async () => {
  const tables = asking.watched(new MemoryTables());
  return {
    store: new MemoryStore(tables),
    reopen: async () => new MemoryStore(tables),
    close: async () => undefined,
  };
};
describeStore('an engine in memory', open);
describeJournals(open);

/** After the suite. What it does not reach, no engine was ever asked for. */
it('nothing of a repository goes unseen by the suite that all engines pass', () => {
  expect(new AskingLines().unreached()).not.toEqual([]);
  expect(asking.unreached()).toEqual([]);
});
