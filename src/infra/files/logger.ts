/** As pino and bunyan number them: what reads their lines reads these. */
const LEVELS = { info: 30, warn: 40, error: 50, fatal: 60 } as const;

export type LogLevel = keyof typeof LEVELS;

type Say = { (facts: object, text: string): void; (text: string): void };

/** Says what happens, with the facts beside it. */
export type Logger = Readonly<Record<LogLevel, Say>>;

/** Where lines go, each with its line end. */
export type LineSink = Readonly<{ write(line: string): unknown }>;

/** A log of JSON lines, each of which goes to all sinks. */
export function lineLogger(...sinks: readonly LineSink[]): Logger {
  const at = (level: LogLevel) => (given: object | string, said?: string) => {
    const [facts, text] = typeof given === 'string' ? [{}, given] : [given, said ?? ''];
    const line = lineOf(LEVELS[level], facts, text);
    for (const sink of sinks) sink.write(line);
  };
  return { info: at('info'), warn: at('warn'), error: at('error'), fatal: at('fatal') };
}

/** Facts that are no JSON, as those of a library may be, do not keep the rest from being written. */
function lineOf(level: number, facts: object, msg: string): string {
  const begin = { level, time: new Date().toISOString() };
  try {
    return `${JSON.stringify({ ...begin, ...facts, msg })}\n`;
  } catch {
    return `${JSON.stringify({ ...begin, msg })}\n`;
  }
}
