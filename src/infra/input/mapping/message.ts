/** Who speaks, as chat APIs name them. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

export type ToolCall = Readonly<{ id: string; name: string; arguments: string }>;

/** One message of a conversation. */
export type Message = Readonly<{
  role: Role;
  content: string;
  reasoning?: string;
  tool_calls?: readonly ToolCall[];
  tool_call_id?: string;
  name?: string;
}>;
