import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** The Java that runs Kafka; version 17 or later. */
export const JAVA =
  process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');

/** What identifies the Java at hand. Throws Unavailable where there is none. */
export function javaVersion(): Promise<string> {
  return runTool(JAVA, ['-version']);
}
