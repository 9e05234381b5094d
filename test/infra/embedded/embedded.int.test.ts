import { describeLog } from '../../conformance/log-suite.ts';
import { describeStore } from '../../conformance/store-suite.ts';
import { openedEngine } from './opened.ts';

describeLog('the embedded engine', async () => {
  const { engine, reopen, close } = await openedEngine();
  return { log: engine.log, reopen: async () => (await reopen()).log, close };
});

describeStore('the embedded engine', async () => {
  const { engine, reopen, close } = await openedEngine();
  return { store: engine.store, reopen: async () => (await reopen()).store, close };
});
