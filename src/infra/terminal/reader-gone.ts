import { EXIT } from './exit-code.ts';

let goesOn = false;
const gone = new Set<NodeJS.WriteStream>();

/** From now on the work goes on when nobody reads its output any more (`millrace run … | head`, a terminal that was closed). */
export function goOnUnread(): void {
  goesOn = true;
}

/** Whether somebody may still read what is written there. */
export function isRead(stream: NodeJS.WriteStream): boolean {
  return !gone.has(stream);
}

/** A reader that goes away (`millrace show … | head`) is no failure of ours: what only shows something ends. */
export function watchReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      gone.add(stream);
      if (!goesOn && error.code === 'EPIPE') process.exit(EXIT.ok);
    });
}
