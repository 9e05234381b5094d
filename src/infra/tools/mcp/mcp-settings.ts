/** A server of the Model Context Protocol, as the setting `lookUpTools.mcp.NAME` has it. */
export type McpSettings = Readonly<{
  /** What is started, and spoken to by its standard input and output. */
  command?: string | undefined;
  args?: readonly string[] | undefined;
  cwd?: string | undefined;
  /** Names of variables that it gets, beside PATH and HOME. */
  env?: readonly string[] | undefined;
  /** Or where it is spoken to by HTTP. */
  url?: string | undefined;
  /** By header the name of the variable that holds its value. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Which of its tools may be called. */
  allow?: readonly string[] | undefined;
  reach: 'web' | 'local';
  prices: Readonly<Record<string, number>>;
  cacheable: readonly string[];
  timeoutMs: number;
}>;

/** Whether a name is meant by a pattern, in which * stands for anything. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
