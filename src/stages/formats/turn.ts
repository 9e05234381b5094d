import { z } from 'zod';
import type { Message } from '../question-parts/messages.ts';
import type { QuestionTool } from '../question-parts/tools.ts';

export const CONTEXT_TURNS = ['none', 'before'] as const;
/** Whether the source that a question brings stands in the user's message of its line. */
export type ContextTurn = (typeof CONTEXT_TURNS)[number];

/** What a user's message is made of where it begins with a source, for formats with a place for each. */
export type Apart = Readonly<{ context: string; question: string }>;

/** What a user says and what the assistant answers, with the thought behind it where there is one. */
export type Turn = Readonly<{
  user: string;
  assistant: string;
  reasoning?: string;
  /** Between the two: calls of tools and their results. */
  steps?: readonly Message[];
  apart?: Apart;
}>;

/** Under what all turns are said: the system prompt, and what the assistant may call. */
export type Told = Readonly<{ system?: string | undefined; tools?: readonly QuestionTool[] | undefined }>;

/** A prompt with a better and a worse answer, and the turns before it where there are any. */
export type Pair = Readonly<{
  before?: readonly Turn[];
  prompt: string;
  chosen: string;
  rejected: string;
  apart?: Apart;
}>;

/** Turns, and whether their last answer is wanted. */
export type Labelled = Readonly<{ turns: readonly Turn[]; label: boolean }>;

/** A text that a trainer can use: one of white space alone teaches nothing and breaks some chat templates. */
export const nonBlank = z.string().refine((text) => text.trim() !== '', 'a text is empty');

/**
 * The answer with its thought in front, in the words of LLaMA-Factory's reasoning templates
 * (`thought_words` in its src/llamafactory/data/template.py, `<think>` in its data README).
 */
export function answerWithThought({ assistant, reasoning }: Turn): string {
  return reasoning === undefined ? assistant : `<think>\n${reasoning}\n</think>\n\n${assistant}`;
}

/** Whether the roles are `[system,] user, assistant, user, assistant …`, with the last one named. */
export function rolesAlternate(roles: readonly string[], last: 'user' | 'assistant'): boolean {
  const spoken = roles[0] === 'system' ? roles.slice(1) : roles;
  return (
    spoken.length > 0 &&
    spoken.at(-1) === last &&
    spoken.every((role, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
  );
}
