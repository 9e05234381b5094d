import { expect, it, onTestFinished } from 'vitest';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import type { Engine } from '../../../src/infra/engines/engine.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { tempDir } from '../../support/temp-dir.ts';

const found: never[] = [];
const finder = { find: async () => found };

/** An engine that is an object of a class: nothing of it but the finder is a property of its own. */
class Wrapped implements Engine {
  readonly #engine: Engine;
  readonly finder = finder;
  constructor(engine: Engine) {
    this.#engine = engine;
  }
  get log() {
    return this.#engine.log;
  }
  get store() {
    return this.#engine.store;
  }
  get admin() {
    return this.#engine.admin;
  }
  get partitions() {
    return this.#engine.partitions;
  }
  close() {
    return this.#engine.close();
  }
}

it('an engine of a plugin may be of a class, and keeps the finder that it brings', async () => {
  const wrapped = {
    name: 'wrapped',
    open: async ({ usual }: { usual(): Promise<Engine> }) => new Wrapped(await usual()),
  };
  const { undo } = registerPlugin({ name: '@me/wrapped', version: '1.0.0', engines: [wrapped] });
  onTestFinished(undo);
  const settings = settingsSchema.parse({ data: await tempDir(), engine: 'wrapped' });
  const engine = await openEngine({ settings, namespace: 'test', mode: 'consume' });
  onTestFinished(() => engine.close());
  expect(await engine.finder?.find({ text: 'Rain?', limit: 1 })).toBe(found);
  expect(await engine.store.pauses.list()).toEqual([]);
  expect(engine.partitions).toBeGreaterThan(0);
  expect(engine.log).toBeDefined();
  expect(engine.admin).toBeDefined();
});
