import { expect, it } from 'vitest';
import { stepLines } from '../../../../src/features/questions/steps/steps-text.ts';
import type { ChatReply } from '../../../../src/stages/agent/chat-model.ts';
import { FakeModel } from '../../../support/fakes/fake-model.ts';
import { calling, search, toolRig } from '../../../support/stage/tool-rig.ts';

const QUOTE = 'below 1.2 bar the engine must be stopped at once';

async function linesOf(...script: readonly Partial<ChatReply>[]): Promise<readonly string[]> {
  const rig = toolRig(new FakeModel(...script));
  await rig.run();
  return rig.steps.flatMap(stepLines).map((line) => line.replace(/\d+\.\d s/, 'x s'));
}

function answer(id: string, quote = QUOTE) {
  const keyPoints = [{ point: 'p', evidence: [{ id, quote }] }];
  return { text: JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' }) };
}

it('each turn and look-up is told in a line, with what came of it and what it cost', async () => {
  const lines = await linesOf(
    calling(search('oil')),
    answer('E9', 'what stands nowhere at all'),
    answer('E2'),
  );
  expect(lines).toEqual([
    '    search: search {"query":"Why is the sky blue?"} → 1 piece: E1 (x s, $0.00)',
    '    turn 1: asks for search_documents (x s, $1.00)',
    '    look-up 1 of turn 1: search_documents {"query":"oil"} → 1 piece: E2 (x s, $0.00)',
    '    turn 2: unusable/unknown_piece (x s, $1.00)',
    '      There is no piece E9: the ids are E1, E2.',
    '    turn 3: answer (x s, $1.00)',
  ]);
});

it('steps show nothing of strangers that a terminal would obey', async () => {
  const hostile = 'x\u001b[2J\u202e\n  review';
  const lines = await linesOf(calling([hostile, { query: hostile }]), answer('E1'));
  expect(lines.join('\n')).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(lines.filter((line) => line.startsWith('  review'))).toEqual([]);
});
