import type { Settings } from '../../../infra/config/settings.ts';
import { isIndexed } from '../../../infra/documents/index/of-settings.ts';
import type { Engine } from '../../../infra/engines/engine.ts';
import { LookUpMeter } from '../../../infra/tools/look-up-meter.ts';
import type { OwnTool } from '../../../infra/tools/own/tool-definition.ts';
import { toolSlot } from '../../../infra/tools/own/tool-slot.ts';
import type { Lane } from '../../../stages/lanes/lane.ts';
import type { Recipes } from '../../../stages/lanes/recipe.ts';
import type { Tool } from '../../../stages/tools/tool.ts';
import { type CallGate, permitGate } from '../../../streams/limits/call-gate.ts';
import { EndpointGate } from '../../../streams/limits/endpoint-gate.ts';
import { Permits } from '../../../streams/limits/permits.ts';

/** What research looks things up with in a session, and who measures it. */
export type SessionTools = Readonly<{ tools: readonly Tool[]; meter: LookUpMeter }>;

export const NO_TOOLS: SessionTools = { tools: [], meter: new LookUpMeter() };

type Opening = Readonly<{
  settings: Settings;
  engine: Engine;
  simulated: boolean;
  own?: readonly OwnTool[] | undefined;
  opened: AsyncDisposableStack;
}>;

/** Opens what research may look things up with. Throws Failures of kind `fatal` that say what to change. */
export async function openTools({
  settings,
  engine,
  simulated,
  own,
  opened,
}: Opening): Promise<SessionTools> {
  // Its libraries are for those who look things up.
  const { openToolbox } = await import('../../../infra/tools/toolbox.ts');
  const finder = (await isIndexed(settings)) ? engine.finder : undefined;
  const toolbox = await openToolbox(settings, { finder, lookUps: engine.store.lookUps, simulated, own });
  opened.defer(() => toolbox.close());
  const meter = new LookUpMeter();
  return { tools: toolbox.tools.map((tool) => meter.of(tool)), meter };
}

/** Whether tools of one's own are registered, or given to this session. */
export function hasOwnTools(own: readonly OwnTool[] = []): boolean {
  return own.length > 0 || toolSlot.parts.size > 0;
}

/** The recipes with the tools that the lane has: for processes that look nothing up, and so have none. */
export function withToolsOf(recipes: Recipes, lane: Lane | undefined): Recipes {
  const { lookUp } = recipes.research;
  const ofLane = lane?.recipes.research.lookUp;
  if (lookUp?.mode !== 'tools' || ofLane?.mode !== 'tools') return recipes;
  return { ...recipes, research: { ...recipes.research, lookUp: { ...lookUp, tools: ofLane.tools } } };
}

/** Calls of one tool at once, where it says nothing. */
const AT_ONCE = 16;

/** The gates of what looks things up, by server: its circuit and its limits. What reads documents needs none. */
export class ToolGates {
  readonly gates: ReadonlyMap<string, EndpointGate>;
  readonly #ofTools: ReadonlyMap<string, CallGate>;

  constructor(tools: readonly Tool[], stop: AbortSignal) {
    const gates = new Map<string, EndpointGate>();
    const ofTools = tools.flatMap((tool): readonly (readonly [string, CallGate])[] => {
      const { name, server = name, concurrency = AT_ONCE, requestsPerMinute, whenDown } = tool;
      if (OF_DOCUMENTS.has(name)) return [];
      // Who is told that it is down does not wait until it is up.
      if (whenDown === 'tell') return [[name, permitGate(new Permits(concurrency, stop))]];
      const limits = requestsPerMinute === undefined ? {} : { requestsPerMinute };
      const gate = gates.get(server) ?? new EndpointGate({ name: server, stop, limits });
      gates.set(server, gate);
      return [[name, gate.stage(name, concurrency)]];
    });
    this.gates = gates;
    this.#ofTools = new Map(ofTools);
  }

  of({ name }: Tool): CallGate | undefined {
    return this.#ofTools.get(name);
  }

  close(): void {
    for (const gate of this.gates.values()) gate.close();
  }
}

/** They ask nobody, and cost nothing. */
const OF_DOCUMENTS: ReadonlySet<string> = new Set(['search_documents', 'open_document']);
