import { createRequire } from 'node:module';
import { startNode } from '../process/child.ts';
import { freePorts } from '../servers/free-ports.ts';
import { until } from '../until.ts';

const { resolve } = createRequire(import.meta.url);

/** The reference servers, as npm has them: what is started. */
export const EVERYTHING = resolve('@modelcontextprotocol/server-everything/dist/index.js');
export const FILESYSTEM = resolve('@modelcontextprotocol/server-filesystem/dist/index.js');

/** Starts server-everything over streamable HTTP, on a port that may be used again after `kill`. */
export async function everythingOverHttp() {
  const [port = 0] = await freePorts(1);
  const start = async () => {
    const child = startNode([EVERYTHING, 'streamableHttp'], { env: { PORT: String(port) } });
    await until('server-everything listens', () => child.stderr().includes(`listening on port ${port}`));
    return child;
  };
  return { url: `http://127.0.0.1:${port}/mcp`, start };
}
