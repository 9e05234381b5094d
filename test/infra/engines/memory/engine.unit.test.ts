import { describeLogAdmin } from '../../../conformance/log-admin-suite.ts';
import { describeLog } from '../../../conformance/log-suite.ts';
import { describeStore } from '../../../conformance/store-suite.ts';
import { LogWorld, MemoryLog, MemoryLogAdmin } from './log.ts';
import { MemoryStore } from './store.ts';
import { World } from './world.ts';

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

describeStore('an engine in memory', async () => {
  const world = new World();
  return {
    store: new MemoryStore(world),
    reopen: async () => new MemoryStore(world),
    close: async () => undefined,
  };
});
