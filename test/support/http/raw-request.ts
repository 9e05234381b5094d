import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection that sends just what it is told. It ends with the test. */
export function rawConnection(address: string): Socket {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Everything that comes back on the connection until the server ends it. */
export async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

export async function rawRequest(address: string, text: string | Uint8Array): Promise<string> {
  const socket = rawConnection(address);
  socket.write(text);
  return answerOn(socket);
}

/** The head of a POST of NDJSON. */
export function postHead(...headers: readonly string[]): string {
  const lines = [
    'POST /v1/questions HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/x-ndjson',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
