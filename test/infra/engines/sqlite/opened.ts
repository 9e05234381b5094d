import type { Engine } from '../../../../src/infra/engines/engine.ts';
import { type EmbeddedOptions, openEmbedded } from '../../../../src/infra/engines/sqlite/engine.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** The embedded engine on a directory of its own, and the same opened again. */
export async function openedEngine(
  mode: EmbeddedOptions['mode'] = 'consume',
): Promise<{ engine: Engine; data: string; reopen(): Promise<Engine>; close(): Promise<void> }> {
  const data = await tempDir();
  const open = () => openEmbedded({ data, namespace: 'conformance', mode });
  let engine = await open();
  return {
    engine,
    data,
    reopen: async () => {
      await engine.close();
      engine = await open();
      return engine;
    },
    close: () => engine.close(),
  };
}
