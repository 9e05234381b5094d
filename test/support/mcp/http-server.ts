import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { scriptedMcp } from './scripted-mcp.ts';

/** The scripted server over HTTP; each request is a conversation of its own. Who lacks the token is not let in. */
export async function mcpOverHttp(
  token: string,
): Promise<AsyncDisposable & Readonly<{ url: string; seen: IncomingHttpHeaders[] }>> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    seen.push(request.headers);
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
    const transport = new StreamableHTTPServerTransport({});
    await scriptedMcp().connect(transport as Transport);
    await transport.handleRequest(request, response);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
