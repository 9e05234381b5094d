import { EXIT } from './exit-code.ts';

let ignored = false;
const gone = new Set<NodeJS.WriteStream>();

/** Work goes on from now on although nobody reads its output any more (`millrace run … | head`, a closed terminal). */
export function ignoreBrokenPipes(): void {
  ignored = true;
}

/** Whether somebody may still read what is written there. */
export function hasReader(stream: NodeJS.WriteStream): boolean {
  return !gone.has(stream);
}

/** Ends the process quietly when its reader goes away (`millrace show … | head`), unless broken pipes are ignored. */
export function exitOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      gone.add(stream);
      if (!ignored && error.code === 'EPIPE') process.exit(EXIT.ok);
    });
}
