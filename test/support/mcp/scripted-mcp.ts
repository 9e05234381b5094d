import { readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** How the scripted server behaves; it reads this anew at each start. */
export type McpScript = Readonly<{
  /** What `search` says of itself. */
  description?: string;
  /** `search` is not there. */
  without?: boolean;
}>;

/** A server of the Model Context Protocol with a tool for each way in which tools answer. */
export function scriptedMcp(script: McpScript = {}): McpServer {
  const server = new McpServer({ name: 'scripted', version: '1.0.0' });
  const readOnly = { readOnlyHint: true };
  const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] });
  const query = { query: z.string() };
  const { description = 'Searches the wiki.', without = false } = script;
  if (!without)
    server.registerTool(
      'search',
      { description, inputSchema: query, annotations: readOnly },
      ({ query: words }) => text(`Found ${words}.`),
    );
  server.registerTool(
    'read_page',
    { description: 'Reads.', inputSchema: { id: z.string() }, annotations: readOnly },
    ({ id }) => ({
      content: [
        { type: 'text' as const, text: `Page ${id}` },
        { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' },
        { type: 'resource_link' as const, uri: 'wiki://other', name: 'other' },
      ],
      structuredContent: { id, revision: 7 },
    }),
  );
  server.registerTool('delete_page', { description: 'Deletes.', inputSchema: {} }, () => text('Deleted.'));
  server.registerTool('fail', { description: 'Fails.', inputSchema: {}, annotations: readOnly }, () => ({
    ...text('no such page'),
    isError: true,
  }));
  server.registerTool('environment', { description: 'Tells.', inputSchema: {}, annotations: readOnly }, () =>
    text(JSON.stringify(process.env)),
  );
  server.registerTool(
    'wait',
    { description: 'Waits.', inputSchema: {}, annotations: readOnly },
    () => new Promise(() => undefined),
  );
  server.registerTool('die', { description: 'Dies.', inputSchema: {}, annotations: readOnly }, () =>
    process.exit(1),
  );
  return server;
}

export function readScript(file: string | undefined): McpScript {
  return file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
}
