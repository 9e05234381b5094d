/** Who speaks, as chat APIs name them. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

export type RowToolCall = Readonly<{ id: string; name: string; arguments: string }>;

/** One message of a conversation. */
export type RowMessage = Readonly<{
  role: Role;
  content: string;
  reasoning?: string;
  tool_calls?: readonly RowToolCall[];
  tool_call_id?: string;
  name?: string;
}>;
