import { errorText, Failure } from '../../../streams/failure.ts';
import { causesOf, networkTrouble, textFieldOf } from '../../network-trouble.ts';
import { refusedForGood } from '../refused-for-good.ts';

/** Codes of JSON-RPC and of the SDK: https://modelcontextprotocol.io/specification */
const CLOSED = -32_000;
const TIMED_OUT = -32_001;
const OF_THE_CALL: ReadonlySet<unknown> = new Set([-32_602, -32_601, -32_600]);

/** What a server threw, or what became of the way to it, as a Failure. */
export function mcpFailure(error: unknown, server: string): Failure {
  if (error instanceof Failure) return error;
  const causes = causesOf(error);
  const [code] = causes.flatMap((cause) => codeOf(cause) ?? []);
  const text = errorText(error).slice(0, 300);
  const who = `The MCP server ${server}`;
  const transient = (name: string, message: string) =>
    new Failure('transient', name, message, { cause: error, outageSignal: true });
  const fatal = (name: string, message: string) => new Failure('fatal', name, message, { cause: error });
  if (code === TIMED_OUT) return transient('mcp_timeout', `${who} did not answer in time.`);
  if (code === CLOSED) return transient('mcp_gone', `${who} has ended.`);
  if (OF_THE_CALL.has(code)) return refusedForGood('bad_call', `${who} refuses the call: ${text}`, error);
  if (code === 401 || code === 403)
    return fatal('mcp_refused', `${who} lets nobody in (${code}): look at its headers and their variables.`);
  const [named] = causes.flatMap((cause) => textFieldOf(cause, 'code') ?? []);
  if (named === 'ENOENT' || named === 'EACCES')
    return fatal('mcp_command_missing', `${who} cannot be started: ${text}. Is its command installed?`);
  const trouble = named === undefined ? undefined : networkTrouble(named);
  if (trouble === 'certificate' || trouble === 'misuse')
    return fatal('bad_setting', `${who} cannot be reached: ${named}.`);
  return transient('mcp_unreachable', `${who} cannot be reached: ${named ?? text}.`);
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}
