import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineProvider } from '../infra/engines/engine-slot.ts';
import { openEmbedded } from '../infra/engines/sqlite/engine.ts';
import { describeLogAdmin } from './log-admin-suite.ts';
import { describeLog } from './log-suite.ts';
import { describeStore } from './store-suite.ts';

const NAMESPACE = 'conformance';

/**
 * What every engine promises: its log, its store, and what operators do to the log. Each test opens it in a directory of its
 * own, where `usual()` is the embedded engine.
 */
export function describeEngine(provider: EngineProvider): void {
  const opened = async () => {
    const data = await mkdtemp(join(tmpdir(), 'millrace-engine-'));
    const usual = () => openEmbedded({ data, namespace: NAMESPACE, mode: 'consume' });
    const onNotice = () => undefined;
    const open = () =>
      provider.open({ namespace: NAMESPACE, mode: 'consume', data, partitions: 1, usual, onNotice });
    let engine = await open();
    const reopen = async () => {
      await engine.close();
      engine = await open();
      return engine;
    };
    const close = async () => {
      await engine.close();
      await rm(data, { recursive: true, force: true });
    };
    return { engine, reopen, close };
  };
  describeLog(provider.name, async () => {
    const { engine, reopen, close } = await opened();
    return { log: engine.log, reopen: async () => (await reopen()).log, close };
  });
  describeLogAdmin(provider.name, async () => {
    const { engine, close } = await opened();
    return { log: engine.log, admin: engine.admin, close };
  });
  describeStore(provider.name, async () => {
    const { engine, reopen, close } = await opened();
    return { store: engine.store, reopen: async () => (await reopen()).store, close };
  });
}
