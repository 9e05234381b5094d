import type { CallGate } from '../../streams/limits/call-gate.ts';
import type { Tool } from '../tools/tool.ts';
import type { OfferedTool } from './look-up-call.ts';

/** The tools of this process by name, as a lane may call them: what checks their arguments is made once, when somebody may. */
export function offeredTools(
  tools: readonly Tool[],
  gateOf: ((tool: Tool) => CallGate | undefined) | undefined,
): (names: readonly string[]) => Promise<ReadonlyMap<string, OfferedTool>> {
  let all: Promise<readonly OfferedTool[]> | undefined;
  const make = async () => {
    const { schemaChecker } = await import('../question-parts/schema-checker.ts');
    return tools.map((tool) => ({ tool, check: schemaChecker(tool.parameters), gate: gateOf?.(tool) }));
  };
  return async (names) => {
    all ??= make();
    const meant = (await all).filter(({ tool }) => names.includes(tool.name));
    return new Map(meant.map((each) => [each.tool.name, each]));
  };
}
