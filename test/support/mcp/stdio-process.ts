import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readScript, scriptedMcp } from './scripted-mcp.ts';

await scriptedMcp(readScript(process.argv[2])).connect(new StdioServerTransport());
