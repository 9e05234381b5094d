import { parseJson } from '../../../stages/text/json.ts';
import { ANSWER_TAGS, BARE_CHANNELS, THOUGHT_TAGS } from './reasoning-tags.ts';

/** An answer and what the model thought aloud before it. */
export type Spoken = Readonly<{ text: string; reasoning: string }>;

const ANY_MARK = new RegExp(
  [
    ...THOUGHT_TAGS.flatMap(({ open, close }) => [open.source, close.source]),
    ANSWER_TAGS.source,
    BARE_CHANNELS.source,
  ].join('|'),
  'i',
);
/** Far more than any model thinks; a reply that has more is no answer. */
const MAX_BLOCKS = 100;

/**
 * Takes thinking aloud out of a reply, so that none of it can end in an answer: `<think>…</think>` blocks and those of
 * other marks, also one whose opening mark the server swallowed. A block that never closes is a thought cut short: there
 * is no answer then, and the text is empty. Marks inside a JSON answer belong to the answer and stay.
 */
export function splitReasoning(content: string): Spoken {
  if (!ANY_MARK.test(content)) return { text: content, reasoning: '' };
  const thoughts: string[] = [];
  let rest = content.trim();
  while (thoughts.length < MAX_BLOCKS) {
    const block =
      /^[[{"]/.test(rest) && parseJson(rest) !== undefined ? undefined : (bareBlock(rest) ?? nextBlock(rest));
    if (block === undefined) return { text: unmarked(rest), reasoning: joinedReasoning(thoughts) };
    thoughts.push(block.reasoning);
    rest = block.text.trim();
  }
  return { text: '', reasoning: joinedReasoning([...thoughts, rest]) };
}

/** All that a model thought aloud as one text; empty parts are left out. */
export function joinedReasoning(thoughts: readonly string[]): string {
  return thoughts
    .map((thought) => thought.trim())
    .filter((thought) => thought !== '')
    .join('\n\n');
}

function bareBlock(content: string): Spoken | undefined {
  const bare = BARE_CHANNELS.exec(content);
  return bare === null ? undefined : { reasoning: bare[1] ?? '', text: content.slice(bare[0].length) };
}

type Found = Readonly<{
  open: RegExpExecArray | null;
  close: RegExpExecArray | null;
  ends: RegExp;
  from: number;
}>;

function nextBlock(content: string): Spoken | undefined {
  const [first] = THOUGHT_TAGS.map(({ open, close, alone }): Found => {
    const opened = open.exec(content);
    const closed = alone ? close.exec(content) : null;
    return {
      ...{ open: opened, close: closed, ends: close },
      from: Math.min(opened?.index ?? Infinity, closed?.index ?? Infinity),
    };
  }).sort((a, b) => a.from - b.from);
  if (first === undefined) return undefined;
  const { open, close, ends } = first;
  if (open !== null && (close === null || open.index < close.index)) {
    // Behind a brace the answer has begun, and a mark is quoted by it.
    return content.slice(0, open.index).includes('{') ? undefined : opened(content, open, ends);
  }
  if (close === null) return undefined;
  return { reasoning: content.slice(0, close.index), text: content.slice(close.index + close[0].length) };
}

function opened(content: string, open: RegExpExecArray, ends: RegExp): Spoken {
  const before = content.slice(0, open.index);
  const inside = content.slice(open.index + open[0].length);
  const close = ends.exec(inside);
  if (close === null) return { text: '', reasoning: joinedReasoning([before, inside]) };
  return {
    reasoning: inside.slice(0, close.index),
    text: `${before}${inside.slice(close.index + close[0].length)}`,
  };
}

/** Without the marks around the answer, which stand before its first brace and behind its last one. */
function unmarked(text: string): string {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}') + 1];
  if (from < 0 || to <= from) return text.replace(ANSWER_TAGS, '').trim();
  const [before, after] = [text.slice(0, from), text.slice(to)].map((part) => part.replace(ANSWER_TAGS, ''));
  return `${before}${text.slice(from, to)}${after}`;
}
