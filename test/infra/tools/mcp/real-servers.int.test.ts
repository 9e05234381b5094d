import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseSettings } from '../../../../src/infra/config/load-settings.ts';
import { openToolbox } from '../../../../src/infra/tools/toolbox.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { FakeModel } from '../../../support/fakes/fake-model.ts';
import { EVERYTHING, everythingOverHttp, FILESYSTEM } from '../../../support/mcp/real-servers.ts';
import { OIL } from '../../../support/pieces.ts';
import { calling, toolRig } from '../../../support/stage/tool-rig.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const everything = { command: process.execPath, args: [EVERYTHING], allow: ['*'] };

async function toolsOf(mcp: object) {
  const settings = parseSettings({ lookUpTools: { mcp } });
  const toolbox = await openToolbox(settings, { simulated: false });
  onTestFinished(() => toolbox.close());
  return toolbox.tools;
}

async function serverOf(settings: object) {
  const tools = await toolsOf({ real: settings });
  const call = async (name: string, args: object = {}, signal = new AbortController().signal) => {
    const tool = tools.find((each) => each.name === `real__${name}`);
    if (tool === undefined) return expect.fail(`no tool ${name}`);
    const { pieces = [], text = '' } = await tool.run({ ...args }, { signal, shownUrls: new Set() });
    return { texts: pieces.map((piece) => piece.text), text };
  };
  return { names: tools.map(({ name }) => name.replace('real__', '')), call };
}

async function filesystem() {
  const folder = await tempDir();
  await writeFile(join(folder, 'oil.md'), `# The "engine"\n\n${OIL}\n`);
  await writeFile(join(folder, 'oil.png'), Buffer.alloc(500, 7));
  await writeFile(join(folder, 'oil.bin'), Buffer.alloc(500, 7));
  const settings = { command: process.execPath, args: [FILESYSTEM, folder], reach: 'local', allow: ['*'] };
  return { settings, path: (name: string) => join(folder, name) };
}

/** An answer that rests on quotes of pieces. */
function answering(...evidence: readonly Readonly<{ id: string; quote: string }>[]) {
  const keyPoints = [{ point: 'Stop it.', evidence }];
  return { text: JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' }) };
}

describe('server-filesystem, the reference server that reads a folder', () => {
  it('offers what only reads, though it could write, move and edit', async () => {
    const { names } = await serverOf((await filesystem()).settings);
    expect(names).toEqual(expect.arrayContaining(['read_text_file', 'search_files', 'list_directory']));
    expect(names.filter((name) => /write|edit|move|create/.test(name))).toEqual([]);
  });

  it('has its files read and quoted by research, word by word', async () => {
    const { settings, path } = await filesystem();
    const model = new FakeModel(
      calling(['files__search_files', { path: path('.'), pattern: '*.md' }]),
      calling(['files__read_text_file', { path: path('oil.md') }]),
      answering({ id: 'E2', quote: 'below 1.2 bar the engine may run' }),
      answering({ id: 'E2', quote: 'below 1.2 bar the engine must be stopped at once' }),
    );
    const rig = toolRig(model, { tools: await toolsOf({ files: settings }), found: [] });
    const { result } = await rig.run();
    expect(rig.turns().map(({ outcome, code }) => code ?? outcome)).toEqual([
      'calls',
      'calls',
      'bad_quote',
      'answer',
    ]);
    expect(result.evidence).toMatchObject([
      {
        ...{ id: 'E2', kind: 'tool', source: 'tool:files.read_text_file' },
        quote: 'below 1.2 bar the engine must be stopped at once',
      },
    ]);
    expect(result.passages?.[0]?.text).toContain(OIL);
  });

  it('shows a text once, though it says it twice, and no picture as letters', async () => {
    const { settings, path } = await filesystem();
    const { call } = await serverOf(settings);
    expect((await call('read_text_file', { path: path('oil.md') })).texts).toEqual([
      `# The "engine"\n\n${OIL}\n`,
    ]);
    expect(await call('read_media_file', { path: path('oil.png') })).toEqual({
      texts: [],
      text: 'It also gave: image image/png (not shown).',
    });
    const { texts, text } = await call('read_media_file', { path: path('oil.bin') });
    expect(texts).toEqual([]);
    expect(text).toMatch(/^It also gave: resource application\/octet-stream file:.*oil.bin \(not shown\)\.$/);
  });

  it('reads nothing outside its folder, and the model is told why', async () => {
    const { settings } = await filesystem();
    const model = new FakeModel(calling(['files__read_text_file', { path: '/etc/passwd' }]), answering());
    const rig = toolRig(model, { tools: await toolsOf({ files: settings }), how: { unanswerable: 'keep' } });
    await failureOf(() => rig.run());
    expect(rig.results()).toMatchObject([
      { outcome: 'failed', code: 'tool_error', text: expect.stringContaining('outside allowed directories') },
    ]);
  });
});

describe('server-everything, the reference server that has one of each', () => {
  it('offers what it marks as read-only, by stdio and by HTTP alike, and nothing that would ask back', async () => {
    const far = await everythingOverHttp();
    await far.start();
    const [near, over] = await Promise.all([serverOf(everything), serverOf({ url: far.url, allow: ['*'] })]);
    expect(near.names).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']));
    expect(near.names.filter((name) => /sampling|elicitation|roots/.test(name))).toEqual([]);
    expect(over.names).toEqual(near.names);
    expect(await over.call('get-sum', { a: 1, b: 2 })).toEqual(await near.call('get-sum', { a: 1, b: 2 }));
  });

  it('says what it has to say: texts and what has a structure, each once; pictures and links by name', async () => {
    const { call } = await serverOf({ ...everything, allow: ['*', 'gzip-file-as-resource'] });
    expect(await call('echo', { message: 'bees' })).toEqual({ texts: ['Echo: bees'], text: '' });
    const { texts } = await call('get-structured-content', { location: 'Chicago' });
    expect(texts.map((text) => Object.keys(JSON.parse(text)))).toEqual([
      ['temperature', 'conditions', 'humidity'],
    ]);
    expect(await call('get-tiny-image')).toEqual({
      texts: ["Here's the image you requested:", 'The image above is the MCP logo.'],
      text: 'It also gave: image image/png (not shown).',
    });
    expect((await call('get-resource-links', { count: 2 })).text.split('\n')).toHaveLength(2);
    const { texts: shown } = await call('get-resource-reference', { resourceType: 'Text', resourceId: 2 });
    expect(shown[1]).toMatch(/^Resource 2: This is a plaintext resource/);
    const packed = { name: 'a.gz', data: 'data:text/plain,hello', outputType: 'resource' };
    expect(await call('gzip-file-as-resource', packed)).toEqual({
      texts: [],
      text: 'It also gave: resource application/gzip demo://resource/session/a.gz (not shown).',
    });
  });

  it('tells a model that calls it wrongly what is wrong', async () => {
    const { call } = await serverOf(everything);
    expect(await failureOf(() => call('echo'))).toMatchObject({
      ...{ kind: 'content', code: 'tool_error' },
      message: expect.stringContaining('expected string'),
    });
  });

  it('may take its time and tell how far it is; what takes longer than it may is left, and the next call is answered', async () => {
    const { call } = await serverOf({ ...everything, timeoutMs: 3_000 });
    const long = (duration: number) => call('trigger-long-running-operation', { duration, steps: 4 });
    expect((await long(0.2)).texts).toEqual([
      'Long running operation completed. Duration: 0.2 seconds, Steps: 4.',
    ]);
    expect(await failureOf(() => long(600))).toMatchObject({ kind: 'transient', code: 'mcp_timeout' });
    expect((await call('echo', { message: 'still there' })).texts).toEqual(['Echo: still there']);
  });

  it('has a tool that runs as a task of its own: it is not meant by *, and by its name the start is refused', async () => {
    expect((await serverOf(everything)).names).not.toContain('simulate-research-query');
    const { kind, message } = await failureOf(() =>
      serverOf({ ...everything, allow: ['simulate-research-query'] }),
    );
    expect(kind).toBe('fatal');
    expect(message).toContain('"simulate-research-query", which runs only as a task of its own');
  });

  it('over HTTP, started anew, knows no session of before: one call may pass, the next one is answered', async () => {
    const far = await everythingOverHttp();
    const first = await far.start();
    const { call } = await serverOf({ url: far.url, allow: ['echo'] });
    expect((await call('echo', { message: 'one' })).texts).toEqual(['Echo: one']);
    first.kill('SIGKILL');
    await first.exited;
    expect(await failureOf(() => call('echo', { message: 'gone' }))).toMatchObject({
      ...{ kind: 'transient', code: 'mcp_unreachable' },
    });
    await far.start();
    expect((await call('echo', { message: 'two' })).texts).toEqual(['Echo: two']);
  });
});
