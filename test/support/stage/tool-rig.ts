import type { Override } from '../../../src/stages/agent/override.ts';
import type { PieceFinder, Wanted } from '../../../src/stages/evidence/finder.ts';
import type { Research } from '../../../src/stages/example.ts';
import type { LookUp, Prompt } from '../../../src/stages/lanes/recipe.ts';
import { LOOK_UP_PROMPT } from '../../../src/stages/research/prompt.ts';
import { researchStage } from '../../../src/stages/research/stage.ts';
import { callOf } from '../../../src/stages/research/turn.ts';
import { type ResultBody, resultBodySchema, turnBodySchema } from '../../../src/stages/tools/step-body.ts';
import type { Tool } from '../../../src/stages/tools/tool.ts';
import { Failure } from '../../../src/streams/failure.ts';
import type { Step } from '../../../src/streams/work/step.ts';
import { bySteps } from '../../../src/streams/work/step-loop.ts';
import type { Finished } from '../../../src/streams/work/work.ts';
import type { FakeModel } from '../fakes/fake-model.ts';
import { FakeWorkStore } from '../fakes/fake-work-store.ts';
import { OIL, pieceOf } from '../pieces.ts';
import { firstAttempt, laneOf, lanesOf, questionOf, recipes, recordWith, topics } from './stage-fixtures.ts';

type ToolsRecipe = Extract<LookUp, { mode: 'tools' }>;

export const BOUNDS = { turns: 8, calls: 16, tokens: 120_000, characters: 200_000, seconds: 600 };

/** A search that finds what it is asked for, under the name of a page of that name. */
export function searchTool(overrides: Partial<Tool> = {}): Tool {
  return {
    name: 'search_documents',
    version: '1',
    description: 'Searches.',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
    reach: 'local',
    timeoutMs: 1_000,
    price: 0,
    run: async ({ query }) => {
      const { id: _, ...piece } = pieceOf({
        source: `documents:manuals/${query}.md`,
        text: `On ${query}: ${OIL}`,
      });
      return { pieces: [piece], text: `Found ${query}.`, urls: [`https://example.org/${query}`] };
    },
    ...overrides,
  };
}

type Options = Readonly<{
  how?: Partial<ToolsRecipe>;
  /** In place of research with tools. */
  lookUp?: LookUp;
  tools?: readonly Tool[];
  found?: readonly ReturnType<typeof pieceOf>[];
  drive?: number;
  question?: Parameters<typeof questionOf>[0];
  prompt?: Prompt;
  /** What an operator changed for this one work. */
  override?: Override;
}>;

/** Research with tools on a scripted model: its steps outlive a call of it, as a store keeps them. */
export function toolRig(model: FakeModel, options: Options = {}) {
  const { tools = [searchTool()], found = [pieceOf()], question = {} } = options;
  const named = Object.fromEntries(tools.map(({ name }) => [name, 'hash']));
  const how: ToolsRecipe = {
    ...{ mode: 'tools', piecesInFront: 8, unanswerable: 'drop', tools: named, bounds: BOUNDS },
    ...options.how,
  };
  const own = recipes();
  const recipe = { ...own.research, prompt: options.prompt ?? LOOK_UP_PROMPT, lookUp: options.lookUp ?? how };
  const searched: Wanted[] = [];
  const finder: PieceFinder = {
    find: async (wanted) => {
      searched.push(wanted);
      return found.map(({ id: _, ...piece }) => piece);
    },
  };
  const unable: string[] = [];
  const unused: string[] = [];
  const stage = researchStage({
    ...{ topics, store: new FakeWorkStore(), model, finder, tools },
    lanes: lanesOf(laneOf({ recipes: { ...own, research: recipe } })),
    told: { onUnable: (name) => void unable.push(name), onUnused: (name) => void unused.push(name) },
  });
  const steps: Step[] = [];
  const message = (drive = 0) =>
    stage.decode(recordWith({ v: 3, drive, question: questionOf(question), override: options.override }));

  /** Goes on until it has ended, or a kill falls upon it before it keeps a step of that number. */
  const run = async ({
    killedAt,
    drive = 0,
  }: {
    killedAt?: number;
    drive?: number;
  } = {}): Promise<Finished<Research>> => {
    const next = await stage.byStep?.(message(drive));
    if (next === undefined) throw new Error('expected research by steps');
    return bySteps({
      callOf,
      ...{ next, drive, steps: [...steps], failed: [] },
      make: (act) => act.run(firstAttempt),
      keep: async (step, before) => {
        await before;
        if (step.n === killedAt || step.n !== steps.length)
          throw new Failure('transient', 'aborted', 'Killed.');
        steps.push(step);
      },
    });
  };
  const bodies = <Body>(kind: Step['kind'], read: (body: unknown) => Body) =>
    steps
      .filter((step) => step.kind === kind)
      .toSorted((a, b) => a.key.localeCompare(b.key))
      .map(({ body }) => read(body));
  return {
    ...{ run, steps, stage, unable, unused, searched, message },
    results: (): readonly ResultBody[] => bodies('result', (body) => resultBodySchema.parse(body)),
    turns: () => bodies('turn', (body) => turnBodySchema.parse(body)),
  };
}

/** An answer that calls tools: name and arguments of each. */
export function calling(...calls: readonly (readonly [name: string, args: unknown])[]) {
  const made = calls.map(([name, args], index) => ({
    id: `call_${index}`,
    name,
    args: typeof args === 'string' ? args : JSON.stringify(args),
  }));
  return {
    text: '',
    finishReason: 'tool_calls',
    calls: made,
    message: { role: 'assistant', own: 'field', made },
  };
}

export const search = (query: string) => ['search_documents', { query }] as const;
