import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblem, PROBLEM_TYPE, problemBody } from './problem.ts';

/** Answers what is not even a request of HTTP, or came too slowly, and closes the connection. */
export function answerBrokenRequest(error: Error & Readonly<{ code: string }>, socket: Socket): void {
  // A client that is gone, or one that is being answered already, is told nothing.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const problem = problemFor(error.code);
  const body = JSON.stringify(problemBody(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function problemFor(code: string): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem(431, 'headers_too_large', 'The headers are larger than this server takes.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, 'slow_request', 'The request took longer than this server waits.');
    default:
      return new HttpProblem(400, 'bad_http', 'This is no request of HTTP/1.1.');
  }
}
