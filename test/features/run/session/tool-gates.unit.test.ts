import { describe, expect, it, onTestFinished } from 'vitest';
import { ToolGates } from '../../../../src/features/run/session/session-tools.ts';
import type { Tool } from '../../../../src/stages/tools/tool.ts';
import { isStopping } from '../../../../src/streams/stop.ts';
import { outage } from '../../../support/failures.ts';
import { aCall } from '../../../support/stage/test-endpoint.ts';
import { searchTool } from '../../../support/stage/tool-rig.ts';

function gatesOf(...tools: readonly Partial<Tool>[]) {
  const stop = new AbortController();
  const all = tools.map((tool) => searchTool({ name: 'web_search', ...tool }));
  const gates = new ToolGates(all, stop.signal);
  onTestFinished(() => gates.close());
  const enter = (index: number) => {
    const [tool] = all.slice(index);
    if (tool === undefined) expect.unreachable();
    const state = { entered: false };
    const pass = gates.of(tool)?.enter(aCall) ?? expect.unreachable();
    const known = pass.then((given) => {
      state.entered = true;
      return given;
    });
    return { state, pass: known };
  };
  return { gates, all, stop, enter };
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

describe('the gates of tools', () => {
  it('are none for what reads documents: it asks nobody', () => {
    const { gates, all } = gatesOf({ name: 'search_documents' }, { name: 'open_document' });
    expect(all.map((tool) => gates.of(tool))).toEqual([undefined, undefined]);
    expect(gates.gates.size).toBe(0);
  });

  it('are down together for tools of one server, and for no other', () => {
    const { gates, all } = gatesOf(
      { name: 'a', server: 'wiki' },
      { name: 'b', server: 'wiki' },
      { name: 'c', server: 'shop' },
    );
    gates.gates.get('wiki')?.circuit.onOutage(outage());
    expect(all.map((tool) => gates.of(tool)?.circuitClosed)).toEqual([false, false, true]);
  });

  it('hold who calls while the circuit is open, until the process stops', async () => {
    const { gates, stop, enter } = gatesOf({});
    gates.gates.get('web_search')?.circuit.onOutage(outage());
    const { state, pass } = enter(0);
    await turn();
    expect(state.entered).toBe(false);
    stop.abort();
    await expect(pass).rejects.toSatisfy(isStopping);
  });

  it('let who tells of its failures in, and are watched by nobody', async () => {
    const { gates, all, enter } = gatesOf({ whenDown: 'tell' });
    expect(gates.gates.size).toBe(0);
    const { pass } = enter(0);
    expect(await (await pass).leave(outage())).toMatchObject({ kind: 'outage' });
    expect(all.map((tool) => gates.of(tool)?.circuitClosed)).toEqual([true]);
  });

  it.each(['wait', 'tell'] as const)('let in so many at once: %s', async (whenDown) => {
    const { enter } = gatesOf({ whenDown, concurrency: 2 });
    const [first, second, third] = [enter(0), enter(0), enter(0)];
    await turn();
    expect([first, second, third].map(({ state }) => state.entered)).toEqual([true, true, false]);
    (await first.pass).leave(undefined);
    await third.pass;
  });
});
