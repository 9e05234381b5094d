/** An answer and what the model thought aloud before it. */
export type Spoken = Readonly<{ text: string; reasoning: string }>;

const OPEN = /<think(?:ing)?>/i;
const CLOSE = /<\/think(?:ing)?>/i;
/** Far more than any model thinks; a reply that has more is no answer. */
const MAX_BLOCKS = 100;

/**
 * Takes thinking aloud out of a reply, so that none of it can end in an answer: `<think>…</think>` blocks, also one
 * whose opening tag the server swallowed. A block that never closes is a thought cut short: there is no answer then,
 * and the text is empty. Tags inside a JSON answer belong to the answer and stay.
 */
export function splitReasoning(content: string): Spoken {
  if (!OPEN.test(content) && !CLOSE.test(content)) return { text: content, reasoning: '' };
  const thoughts: string[] = [];
  let rest = content.trim();
  while (thoughts.length < MAX_BLOCKS) {
    const block = isJson(rest) ? undefined : nextBlock(rest);
    if (block === undefined) return { text: rest, reasoning: joined(thoughts) };
    thoughts.push(block.reasoning);
    rest = block.text.trim();
  }
  return { text: '', reasoning: joined([...thoughts, rest]) };
}

/** All that a model thought aloud as one text; empty parts are left out. */
export function joined(thoughts: readonly string[]): string {
  return thoughts
    .map((thought) => thought.trim())
    .filter((thought) => thought !== '')
    .join('\n\n');
}

function nextBlock(content: string): Spoken | undefined {
  const open = OPEN.exec(content);
  const close = CLOSE.exec(content);
  if (open !== null && (close === null || open.index < close.index)) {
    // Behind a brace the answer has begun, and a tag is quoted by it.
    return content.slice(0, open.index).includes('{') ? undefined : opened(content, open);
  }
  if (close === null) return undefined;
  return { reasoning: content.slice(0, close.index), text: content.slice(close.index + close[0].length) };
}

function opened(content: string, open: RegExpExecArray): Spoken {
  const before = content.slice(0, open.index);
  const inside = content.slice(open.index + open[0].length);
  const close = CLOSE.exec(inside);
  if (close === null) return { text: '', reasoning: joined([before, inside]) };
  return {
    reasoning: inside.slice(0, close.index),
    text: `${before}${inside.slice(close.index + close[0].length)}`,
  };
}

function isJson(text: string): boolean {
  if (!/^[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
