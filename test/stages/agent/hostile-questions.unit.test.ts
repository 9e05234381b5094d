import { describe, expect, it } from 'vitest';
import { safeText } from '../../../src/infra/models/openai/failures/redact.ts';
import { printable } from '../../../src/infra/terminal/format.ts';
import type { ChatMessage } from '../../../src/stages/agent/chat-model.ts';
import { questionValues } from '../../../src/stages/agent/question-values.ts';
import { fillTemplate } from '../../../src/stages/agent/template.ts';
import { GENERATION_PROMPT } from '../../../src/stages/generation/prompt.ts';
import type { Prompt } from '../../../src/stages/lanes/recipe.ts';
import type { Question } from '../../../src/stages/question.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { RESEARCH_PROMPT } from '../../../src/stages/research/prompt.ts';
import { REVIEW_PROMPT } from '../../../src/stages/review/prompt.ts';
import { HOSTILE_QUESTIONS } from '../../support/hostile-questions.ts';

const PROMPTS: readonly Prompt[] = [RESEARCH_PROMPT, GENERATION_PROMPT, REVIEW_PROMPT];

/** As a model may read a tag: with anything in it that nobody sees. */
const TAG =
  /[<\uff1c](?:\p{Cf}*|[\s\p{C}]*[/\uff0f][\s\p{C}]*)(?:question|source|research|candidate|previous|reviewer|subject)\b/giu;
const TURN =
  /<[|\uff5c][^<>]{1,40}[|\uff5c]>|<\/?(?:start|end)_of_turn>|<\/s>|<[be]os>|<<\/?SYS>>|\[\/?INST\]/i;
const shape = (text: string) =>
  [...text.replace(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, '').matchAll(TAG)].map(([tag]) =>
    tag.toLowerCase(),
  );

function messagesOf(prompt: Prompt, question: Question, made: string): readonly ChatMessage[] {
  const others = { research: made, candidate: made, previous: made, feedback: made };
  const values = { ...questionValues(question), ...others, instructions: 'Write.', rubric: 'correctness' };
  return [
    { role: 'system', content: fillTemplate(prompt.system, values) },
    { role: 'user', content: fillTemplate(prompt.user, values) },
  ];
}

function asked(text: string): Question {
  const label = text.slice(0, 150);
  return questionSchema.parse({ text, context: text, topic: label, subTopic: label, trainingType: label });
}

const harmless: Question = {
  ...{ text: 'Why?', context: 'Because.', topic: 'physics', subTopic: 'optics', trainingType: 'sft' },
};

describe('thirty hostile questions', () => {
  it('are thirty, and each is taken as a question', () => {
    expect(new Set(HOSTILE_QUESTIONS).size).toBe(30);
    for (const text of HOSTILE_QUESTIONS) expect(() => asked(text)).not.toThrow();
  });

  it.each(HOSTILE_QUESTIONS)('leave the shape of every prompt as it is: %j', (text) => {
    for (const prompt of PROMPTS) {
      const expected = messagesOf(prompt, harmless, 'made').map(({ content }) => shape(content));
      const messages = messagesOf(prompt, asked(text), text);
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
      expect(messages.map(({ content }) => shape(content))).toEqual(expected);
      for (const { content } of messages) expect(TURN.test(content)).toBe(false);
    }
  });

  it.each(HOSTILE_QUESTIONS)('begin no line of their own in a system prompt: %j', (text) => {
    for (const prompt of PROMPTS) {
      const [system] = messagesOf(prompt, asked(text), 'made');
      const [expected] = messagesOf(prompt, harmless, 'made');
      expect(system?.content.split(/[\n\r\u2028\u2029]/)).toHaveLength(
        expected?.content.split('\n').length ?? 0,
      );
    }
  });

  it.each(HOSTILE_QUESTIONS)('are safe to look at on a terminal and in a log: %j', (text) => {
    const unsafe =
      /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;
    expect(printable(text, 100_000)).not.toMatch(unsafe);
    expect(safeText(text, [])).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  });

  it('spare what honest people write', () => {
    const honest = 'Is a < b || c > d? f <| g in F#, <b>bold</b>, x[INSTANT], می‌خواهم 👩‍🔬 <questionnaire>';
    expect(fillTemplate('{{question}}', { question: honest })).toBe(honest);
    expect(printable(honest)).toBe(honest);
  });
});
