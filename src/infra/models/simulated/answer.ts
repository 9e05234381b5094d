import type { ChatMessage } from '../../../stages/agent/chat-model.ts';
import type { Schema } from '../json-schema.ts';
import { hash32, seededRandom } from '../random.ts';
import { type Path, type ValueSource, valueFromSchema } from './value-from-schema.ts';

const MAX_SUBJECT_CHARACTERS = 60;
/** The tags of prompts end with a secret of the data: what is invented must not follow from it. */
const SUFFIX = /(<\/?[a-z]+)-[0-9a-f]{8}>/g;
const QUESTION = /<question(?:-[0-9a-f]{8})?>([\s\S]*?)<\/question(?:-[0-9a-f]{8})?>/;
/** Scores from here on are those of an answer that a reviewer lets pass. */
const GOOD_SCORE = 7;

export type Invention = Readonly<{
  /** Decides every choice. */
  hash: number;
  question: string;
  /** Whether its texts carry the mark of the first quote. */
  cites?: boolean | undefined;
  /** Whether all scores are good, or some are not. */
  approve: boolean;
}>;

/** What the messages ask about: the first `<question>` of the last user message that has one; empty if none has. */
export function questionIn(messages: readonly ChatMessage[]): string {
  for (const { role, content } of messages.toReversed()) {
    const found = role === 'user' ? QUESTION.exec(content)?.[1] : undefined;
    if (found !== undefined) return found.trim();
  }
  return '';
}

/** A hash of all that was said, and of the seed. */
export function hashOf(messages: readonly ChatMessage[], seed: number): number {
  return hash32(
    `${seed}\n${messages.map(({ role, content }) => `${role}\n${content.replace(SUFFIX, '$1>')}`).join('\n')}`,
  );
}

/**
 * An invented answer that fits the schema. Every text says that it is simulated, and the same invention always gives
 * the same answer. A number called `score` follows `approve`.
 */
export function simulatedAnswer(schema: Schema, invention: Invention): unknown {
  return valueFromSchema(schema, sourceOf(invention));
}

function sourceOf({ hash, question, approve, cites = false }: Invention): ValueSource {
  const random = seededRandom(hash);
  const between = (least: number, most: number) =>
    Math.min(most, least + Math.floor(random() * (most - least + 1)));
  const subject = question.replace(/\s+/g, ' ').slice(0, MAX_SUBJECT_CHARACTERS);
  const mark = hash.toString(36);
  let spoilt = approve;
  return {
    text: (path) => `[simulated] ${named(path)} for: ${subject} (${mark})${cites ? ' [e1]' : ''}`,
    pick: (count) => Math.floor(random() * count),
    number(path, least, most) {
      if (path.at(-1) !== 'score') return between(least, most);
      if (approve) return between(Math.min(GOOD_SCORE, most), most);
      const worst = spoilt ? most : Math.min(GOOD_SCORE - 1, most);
      spoilt = true;
      return between(least, worst);
    },
  };
}

function named(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? step + 1 : step)).join(' ');
}
