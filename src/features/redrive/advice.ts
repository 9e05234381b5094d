import type { StoredDeadLetter } from '../../streams/delivery/dead-letter.ts';

const BY_CODE: Readonly<Record<string, string>> = {
  refused:
    'The model refuses. Read its reply; another model may answer: millrace redrive --class refused --model …',
  truncated:
    'The answer does not fit. Give it more room: millrace redrive --class truncated --max-output-tokens …, or a model that writes more.',
  not_json:
    'The model did not answer in JSON. Try a stronger model: millrace redrive --class not_json --model …',
  schema_mismatch:
    'The answer had another shape than asked for. Try a stronger model, or more calls: millrace redrive --class schema_mismatch --max-attempts …',
  bad_tool_call:
    'The calls do not fit the tools, though the model was told why. Read the replies; a stronger model may write them: millrace redrive --class bad_tool_call --model …',
  bad_text:
    'The model does not double its backslashes, or writes halves of characters, though told of it. Try a stronger model: millrace redrive --class bad_text --model …',
  unknown_model:
    'The server does not know the model that a redrive named. Name another: millrace redrive --class unknown_model --model …',
  prompt_rejected:
    'The server takes no prompt like this: too long for the model, or filtered. Another model may take it.',
  request_rejected:
    'The server refuses this prompt, and took others. Read its words; another model may take it: millrace redrive --class request_rejected --model …',
  forbidden:
    'The server, or a firewall before it, forbids this prompt, and took others. Another server may take it; then: millrace redrive --class forbidden',
  no_evidence: 'Once what answers it is added: millrace redrive --class no_evidence',
  bad_quote:
    'The model does not copy letter by letter, though told of it. Try a stronger one: millrace redrive --class bad_quote --model …',
  unknown_piece:
    'The model quotes pieces that nobody showed it. Try a stronger one: millrace redrive --class unknown_piece --model …',
  no_quote:
    'The model answers without quotes, though told of it. Try a stronger one: millrace redrive --class no_quote --model …',
  bad_citation:
    'The model does not mark its statements with the quotes that it was given. Try a stronger one: millrace redrive --class bad_citation --model …',
  no_tools: 'The question has no tools, which its training type needs. Give it some, and ask it again.',
  bad_tools: 'No call can be held against its tools. Mend their parameters, and ask it again.',
  unknown_lane: 'Its lane was never opened here. Open it, or leave the dead letter.',
};
const BY_KIND: Readonly<Record<StoredDeadLetter['kind'], string>> = {
  transient: 'The server was in trouble for long. Once it is well: millrace redrive --class transient',
  outage: 'A server was away. Once it is back: millrace redrive --class outage',
  content: 'Read the replies, mend prompt or model, then: millrace redrive',
  poison:
    'The record itself cannot be worked. Mend what wrote it, or update Millrace if a newer version wrote it; then: millrace redrive --class poison',
  fatal: 'Read the message, mend what it says, then: millrace redrive',
};

/** A rehearsal says nothing about a real model, and no other model can be asked in it. */
const SIMULATED_SHAPE =
  'The simulated model makes up no text by a pattern, and few by a length (verify, pattern). A real one is told what to mend: this says nothing about it.';

export type AdviceFor = Readonly<{
  /** Whether the simulated model was asked. */
  simulated?: boolean;
  /** Flags that say where the dead letter is, with a space before each: the commands of the advice are given them. */
  place?: string;
}>;

/** What a person may do about a dead letter. */
export function adviceFor(
  { kind, code, life }: Pick<StoredDeadLetter, 'kind' | 'code' | 'life'>,
  { simulated = false, place = '' }: AdviceFor = {},
): string {
  if (life.kind === 'closed') return 'nothing';
  if (life.kind === 'sent') return 'wait; it is worked when its turn comes.';
  if (simulated && code === 'schema_mismatch') return SIMULATED_SHAPE;
  return (BY_CODE[code] ?? BY_KIND[kind]).replaceAll('millrace redrive', () => `millrace redrive${place}`);
}
