import { expect, it } from 'vitest';
import { z } from 'zod';
import { type ChatModel, defineTool, Failure, generateSyntheticData } from '../../src/index.ts';
import { simulatedAs } from '../../src/infra/models/simulated/model.ts';
import { failureOf } from '../support/failure-of.ts';
import { tempDir } from '../support/temp-dir.ts';

const TEXT = 'Part A1 is a buffer of sixteen bytes, made in Norway.';
const partNumber = defineTool({
  name: 'part_number',
  version: '1',
  description: 'Says what a part is.',
  parameters: z.object({ number: z.string() }),
  reach: 'local',
  price: 0.25,
  cacheable: { days: 30 },
  run: async ({ number }) => {
    asked.push(number);
    if (number !== 'A1')
      throw new Failure('content', 'unknown_part', `There is no part ${number}.`, { final: true });
    return { pieces: [{ title: 'part A1', text: TEXT, source: 'A1' }] };
  },
});
const asked: string[] = [];

/** Research by this script, all else by the simulated model. */
function scripted(): ChatModel {
  const simulated = simulatedAs('latency=0ms,reject=0%');
  return {
    address: 'scripted',
    simulated: false,
    complete: async (request, signal) => {
      const reply = await simulated.complete(request, signal);
      if (request.stage !== 'research') return reply;
      const told = request.messages.filter(({ role }) => role === 'tool').length;
      const numbers = ['B2', 'A1'];
      const number = numbers[told];
      const args = JSON.stringify({ number });
      const call = { id: `c${told}`, name: 'part_number', args };
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      if (number !== undefined) return { ...reply, text: '', calls: [call], message };
      const id = /<piece[^>]* id="(E\d+)"/.exec(
        request.messages.map(({ content }) => content).join('\n'),
      )?.[1];
      const keyPoints = [
        { point: 'It is a buffer.', evidence: [{ id, quote: 'a buffer of sixteen bytes' }] },
      ];
      return { ...reply, text: JSON.stringify({ summary: '', keyPoints, caveats: [], coverage: 'full' }) };
    },
  };
}

it('a tool of one’s own is called by research, its texts are quoted, it is paid for, and asked once for the same', async () => {
  const options = {
    model: scripted(),
    research: 'tools',
    tools: [partNumber],
    data: await tempDir(),
  } as const;
  const first = await generateSyntheticData({ ...options, questions: ['What is the part A1?'] });
  expect(first.errors).toEqual([]);
  expect(first.examples[0]?.research.evidence).toMatchObject([
    { kind: 'tool', source: 'tool:part_number.A1', title: 'part A1', quote: 'a buffer of sixteen bytes' },
  ]);
  expect(asked).toEqual(['B2', 'A1']);
  expect(first.examples[0]?.provenance.find(({ stage }) => stage === 'research')?.costUsd).toBeCloseTo(0.25);
  const second = await generateSyntheticData({ ...options, questions: ['And what is A1 made of?'] });
  expect(second.examples).toHaveLength(1);
  expect(asked).toEqual(['B2', 'A1', 'B2']);
});

it('research with tools says so where there are none', async () => {
  const data = await tempDir();
  const failure = await failureOf(() =>
    generateSyntheticData({ questions: ['Why?'], research: 'tools', model: scripted(), data }),
  );
  expect(failure.message).toMatch(/^There is nothing to look things up with\./);
});

it('two tools of one name are refused before anything is opened', async () => {
  const tools = [partNumber, partNumber];
  const failure = await failureOf(() =>
    generateSyntheticData({ questions: ['Why?'], research: 'tools', tools, model: scripted() }),
  );
  expect(failure).toMatchObject({
    code: 'bad_plugin',
    message: expect.stringContaining('it brings two of that name'),
  });
});
