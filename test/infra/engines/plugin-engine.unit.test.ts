import { expect, it, onTestFinished } from 'vitest';
import { loadSettings } from '../../../src/infra/config/load-settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { Failure } from '../../../src/streams/failure.ts';

it.each([
  ['throws', () => expect.fail('no socket')],
  ['rejects', () => Promise.reject(new TypeError('no socket'))],
])('an engine whose open %s is told with the name of its plugin', async (_, open) => {
  await expect(opened(open)).rejects.toMatchObject({
    kind: 'fatal',
    code: 'bad_plugin',
    message: expect.stringContaining('Plugin @me/log 1.0.0: the engine ours-too could not open: no socket'),
  });
});

it('a Failure of an engine stays what it is', async () => {
  const down = new Failure('outage', 'log_down', 'The log is down.');
  await expect(opened(() => Promise.reject(down))).rejects.toBe(down);
});

async function opened(open: () => Promise<never>) {
  const { undo } = registerPlugin({
    ...{ name: '@me/log', version: '1.0.0' },
    engines: [{ name: 'ours-too', open }],
  });
  onTestFinished(undo);
  const settings = { ...(await loadSettings(() => ({}))), engine: 'ours-too' };
  return openEngine({ settings, namespace: 'millrace', mode: 'read' });
}
