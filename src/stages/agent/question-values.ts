import type { Question } from '../question.ts';
import type { Message } from '../question-parts/messages.ts';

/** The names that every prompt may use. */
export const QUESTION_NAMES = [
  'question',
  'source',
  'topic',
  'subTopic',
  'trainingType',
  'system',
  'tools',
  'history',
  'passages',
] as const;

/** The names under which a prompt may use the user's own values: both say the same. */
export const FIELD_GROUPS = ['fields', 'metadata'] as const;

type QuestionValues = Readonly<Record<(typeof QUESTION_NAMES)[number], string>> &
  Readonly<Record<(typeof FIELD_GROUPS)[number], Readonly<Record<string, string>>>>;

/** A question as its prompts see it. */
export function questionValues(question: Question): QuestionValues {
  const { text, context, topic, subTopic, trainingType } = question;
  const { system = '', tools = [], history = [], passages = [], fields: given = {} } = question;
  const fields = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value)]));
  return {
    question: text,
    source: context,
    topic: oneLine(topic),
    subTopic: oneLine(subTopic),
    trainingType: trainingType.replace(NO_NAME, ''),
    system,
    tools:
      tools.length === 0
        ? ''
        : JSON.stringify(
            tools.map((tool) => tool.function),
            null,
            1,
          ),
    history: history.map(saidText).join('\n\n'),
    passages: passages
      .map(({ title = '', text: passage }, index) => `[${index + 1}]${title && ` ${title}`}\n${passage}`)
      .join('\n\n'),
    fields,
    metadata: fields,
  };
}

/** A message as a person reads it, the calls of tools and their results too. */
function saidText({ role, content, name, tool_calls = [] }: Message): string {
  const who = {
    user: 'User',
    assistant: 'Assistant',
    tool: `Result${name === undefined ? '' : ` of ${name}`}`,
  }[role];
  const calls = tool_calls.map((call) => `Assistant calls ${call.name}: ${call.arguments}`);
  return [...(content === '' && calls.length > 0 ? [] : [`${who}: ${content}`]), ...calls].join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// It stands in the middle of an instruction, so it can be a name and nothing more.
const NO_NAME = /[^\w-]/g;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** A label stands in the system prompt: it cannot begin a line of its own there. */
function oneLine(label: string): string {
  return label.replace(BREAKS, ' ').trim();
}
