import type { Prompt } from '../lanes/recipe.ts';
import { namesPlaceholder, type Values } from './template.ts';

/** How a part of a question stands in a prompt that does not say it itself: what many questions share comes first. */
const SECTIONS = {
  system: `The assistant of the example answers under this system prompt, and its answer must keep to it:
<system>{{system}}</system>`,
  tools: `The assistant of the example has these tools:
<tools>{{tools}}</tools>`,
  passages: `The answer has to rest on these passages:
<passages>{{passages}}</passages>`,
  history: `This was said before. The question below is the next message of the same user:
<history>{{history}}</history>`,
  reference: `This answer is known to be right. The candidate need not have its words, but must not contradict it:
<reference>{{reference}}</reference>`,
} as const;

/** The user's part of the prompt as a template, led by what the question brings and the prompt does not name: no part of a question is lost. */
export function withParts({ system, user }: Prompt, values: Values): string {
  const unnamed = Object.entries(SECTIONS).filter(
    ([name]) => (values[name] ?? '') !== '' && !namesPlaceholder(`${system}\n${user}`, name),
  );
  return [...unnamed.map(([, section]) => section), user].join('\n\n');
}
