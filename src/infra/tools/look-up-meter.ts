import type { Tool } from '../../stages/tools/tool.ts';
import { asFailure } from '../../streams/failure.ts';

export type EndedLookUp = Readonly<{
  tool: string;
  /** `ok`, `kept` where it was kept from an earlier one, or the class of the failure. */
  outcome: string;
  seconds: number;
}>;

/** Measures look-ups, for whoever listens. */
export class LookUpMeter {
  onLookedUp: (lookedUp: EndedLookUp) => void = () => undefined;

  of(tool: Tool): Tool {
    return {
      ...tool,
      run: async (args, context) => {
        const startMs = performance.now();
        const tell = (outcome: string) =>
          this.onLookedUp({ tool: tool.name, outcome, seconds: (performance.now() - startMs) / 1_000 });
        try {
          const answer = await tool.run(args, context);
          tell(answer.cached === true ? 'kept' : 'ok');
          return answer;
        } catch (error) {
          tell(context.signal.aborted ? 'aborted' : asFailure(error).kind);
          throw error;
        }
      },
    };
  }
}
