import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** The Java that runs Kafka; version 17 or later. */
export const JAVA = toolOf('java');
/** Its maker of keys and certificates. */
export const KEYTOOL = toolOf('keytool');

/** What identifies the Java at hand. Throws Unavailable where there is none. */
export function javaVersion(): Promise<string> {
  return runTool(JAVA, ['-version']);
}

function toolOf(name: string): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined ? name : join(home, 'bin', name);
}
