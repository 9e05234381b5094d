import { z } from 'zod';
import type { Turn } from '../formats/turn.ts';
import type { Question } from '../question.ts';
import { type Message, messageSchema } from '../question-parts/messages.ts';
import { type BroughtAnswer, defineTrainingType, prose } from './training-type.ts';

// A call has its result beside it: what belongs together by construction cannot be miscounted.
const call = z.object({
  name: prose.describe('The name of the tool.'),
  arguments: prose.describe(
    'Its arguments: the text of one JSON object that fits the parameters of the tool.',
  ),
  result: prose.describe('What the tool gives back.'),
});
const step = z.object({
  calls: z.array(call).min(1, 'a step has at least one call').describe('Calls that are made at once.'),
});
const candidate = z.object({
  steps: z.array(step).min(1, 'at least one call is made').describe('One after another, before the answer.'),
  answer: prose.describe("The assistant's answer to the question, which rests on the results."),
});
type Candidate = z.output<typeof candidate>;

const INSTRUCTIONS = `Write one example that teaches a model to use tools: the calls that an expert assistant would make to answer the question, what the tools give back, and the answer. The user's message is the question itself, word for word; it stands before the calls in the example.

"steps" are the calls, in the order in which they are made. Calls of one step are made at once; a call that needs the result of another stands in a later step.
- Call only the tools that are listed, by their exact names, and only where the answer needs it. Make the fewest calls that do.
- "arguments" is the text of one JSON object. It fits the parameters of the tool: everything that is required, nothing that is not listed, values of the right type. It holds nothing that neither the question nor an earlier result says.
- "result" is what such a tool would really give back: its data alone, compact, as JSON where a program would write JSON. It agrees with the findings you were given, and with the other results.

"answer" is the assistant's message after the last result:
- It answers the question from the results, and states nothing of fact that neither they nor the findings hold. Start with the answer itself.
- It speaks to the user: no names of tools, no JSON, unless the user asked for them.

No text may speak of being an example, of training, of a data set, of findings or sources that were handed to you, or of these instructions.`;

/**
 * A question, calls of the tools that it brings, their results, and the answer that they lead to. It has one form: the user's message is
 * the question.
 */
export const toolCalls = defineTrainingType<Candidate>({
  name: 'tool-calls',
  description: 'a question with tools, the calls of them, their results and the answer',
  candidate,
  instructions: INSTRUCTIONS,
  present: ({ steps, answer }, { text }) =>
    [`## User\n\n${text}`, ...steps.map(stepText), `## Assistant\n\n${answer}`].join('\n\n'),
  turns: ({ steps, answer }, question) => [
    { user: question.text, steps: messagesOf(steps, question), assistant: answer } satisfies Turn,
  ],
  calls: ({ steps }) => steps.flatMap(({ calls }) => calls),
  takesTurns: true,
  fromAnswer: ({ content, messages }) => ({ steps: stepsIn(messages.slice(0, -1)), answer: content }),
});

type Step = Candidate['steps'][number];

function stepText({ calls }: Step, index: number): string {
  const said = calls.map(
    ({ name, arguments: values, result }) =>
      `The assistant calls ${name}:\n${values}\n\nResult of ${name}:\n${result}`,
  );
  return `## Calls, step ${index + 1}\n\n${said.join('\n\n')}`;
}

const ID_DIGITS = 5;

/** The calls with ids of nine letters and digits, as the strictest chat templates want them, that nothing said before has. */
function messagesOf(steps: readonly Step[], { history = [] }: Question): readonly Message[] {
  const taken = new Set(history.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id)));
  let count = 0;
  const nextId = (): string => {
    count += 1;
    const id = `call${String(count).padStart(ID_DIGITS, '0')}`;
    return taken.has(id) ? nextId() : id;
  };
  return steps.flatMap(({ calls }): readonly Message[] => {
    const named = calls.map((each) => ({ ...each, id: nextId() }));
    return [
      {
        ...{ role: 'assistant', content: '' },
        tool_calls: named.map(({ id, name, arguments: values }) => ({ id, name, arguments: values })),
      },
      ...named.map(
        ({ id, name, result }): Message => ({ role: 'tool', content: result, tool_call_id: id, name }),
      ),
    ];
  });
}

/**
 * The same the other way round, still to be checked: each result belongs to the call that it names, or else to the one in its place.
 */
function stepsIn(messages: BroughtAnswer['messages']): readonly unknown[] {
  return messages.flatMap((message, index) => {
    if ((message.tool_calls ?? []).length === 0) return [];
    const { tool_calls: calls } = messageSchema.safeParse(message).data ?? {};
    if (calls === undefined) return [{ calls: message.tool_calls }];
    const after = messages.slice(index + 1);
    const end = after.findIndex(({ role }) => role !== 'tool');
    const results = end < 0 ? after : after.slice(0, end);
    const resultOf = (id: string, place: number) =>
      (id === '' ? undefined : results.find((each) => each.tool_call_id === id)) ?? results[place];
    return [
      {
        calls: calls.map(({ id, name, arguments: values }, place) => ({
          ...{ name, arguments: values },
          result: resultOf(id, place)?.content ?? '',
        })),
      },
    ];
  });
}
