import type { FoundPiece } from '../../stages/evidence/finder.ts';
import type { Tool, ToolAnswer } from '../../stages/tools/tool.ts';

/** A conversation sees no more characters of one result. */
const MOST_CHARACTERS = 12_000;
const BLOTTED = '[redacted]';

/** The tool with no secret of ours in what it brings, and no more of it than a conversation bears. What was kept costs nothing. */
export function withinBounds(tool: Tool, secrets: readonly string[]): Tool {
  return {
    ...tool,
    run: async (args, context) => bounded(blotted(await tool.run(args, context), secrets)),
  };
}

function blotted(answer: ToolAnswer, secrets: readonly string[]): ToolAnswer {
  const blot = (text: string) => secrets.reduce((clean, secret) => clean.replaceAll(secret, BLOTTED), text);
  const { text = '', pieces = [], cached } = answer;
  return {
    ...answer,
    text: blot(text),
    pieces: pieces.map((piece) => resized({ ...piece, title: blot(piece.title) }, blot(piece.text))),
    ...(cached === true ? { costUsd: 0 } : {}),
  };
}

function bounded(answer: ToolAnswer): ToolAnswer {
  const { text = '', pieces = [] } = answer;
  let room = MOST_CHARACTERS;
  const shown: FoundPiece[] = [];
  for (const piece of pieces) {
    const cut = piece.text.length <= room ? piece.text : piece.text.slice(0, room).toWellFormed();
    if (cut.trim() !== '') shown.push(resized(piece, cut));
    room -= cut.length;
  }
  const said = text.slice(0, MOST_CHARACTERS).toWellFormed();
  const left = pieces.reduce((sum, piece) => sum + piece.text.length, 0) - (MOST_CHARACTERS - room);
  const note = left === 0 ? [] : [`${left} more characters are not shown: ask for less at once.`];
  return { ...answer, pieces: shown, text: [said, ...note].filter((line) => line !== '').join('\n') };
}

function resized(piece: FoundPiece, text: string): FoundPiece {
  return piece.text === text ? piece : { ...piece, text, end: piece.start + text.length };
}
