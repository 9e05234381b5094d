import { jsonrepair } from 'jsonrepair';

const FENCE = /```(?:json)?\s*\n?([\s\S]*?)```/i;

/**
 * The JSON value in a model's reply: the whole of it, or what stands in a code fence, or the outermost braces in a chat,
 * mended where a model typically slips (trailing commas, single quotes). `undefined` if there is none. Text that was cut
 * short is not mended: half an answer must not pass for a whole one.
 */
export function jsonIn(reply: string): unknown {
  const text = reply.trim();
  const fenced = FENCE.exec(text)?.[1];
  const braced = bracesIn(text);
  for (const candidate of [text, fenced, braced]) {
    const value = candidate === undefined ? undefined : parsed(candidate);
    if (value !== undefined) return value;
  }
  return braced === undefined ? undefined : parsed(repaired(braced));
}

function bracesIn(text: string): string | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function repaired(text: string): string {
  try {
    return isBalanced(text) ? jsonrepair(text) : '';
  } catch {
    return '';
  }
}

/** As many braces closed as opened, those inside strings included: a cheap sign that nothing was cut off. */
function isBalanced(text: string): boolean {
  return (
    text.split('{').length === text.split('}').length && text.split('[').length === text.split(']').length
  );
}
