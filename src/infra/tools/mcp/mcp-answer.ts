import { z } from 'zod';
import type { FoundPiece } from '../../../stages/evidence/finder.ts';
import { wholePlace } from '../../../stages/evidence/piece.ts';
import { parseJson } from '../../../stages/text/json.ts';
import type { ToolAnswer } from '../../../stages/tools/tool.ts';
import { refusedForGood } from '../refused-for-good.ts';

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  name: z.string().optional(),
  uri: z.string().optional(),
  mimeType: z.string().optional(),
  resource: z
    .looseObject({ uri: z.string().optional(), text: z.string().optional(), mimeType: z.string().optional() })
    .optional(),
});
type Block = z.output<typeof blockSchema>;
const resultSchema = z.looseObject({
  content: z.array(blockSchema).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

/**
 * What a tool of a server brought: a piece for each text and for what has a structure; images, sounds and links are named, and not fetched. Throws
 * a Failure of kind `content` (`tool_error`) where the server calls it an error. What it says is no URL that may be opened: it may repeat
 * what it was told.
 */
export function answerOfResult(result: unknown, tool: string): ToolAnswer {
  const { content, structuredContent, isError } = resultSchema.parse(result);
  const texts = content.flatMap(textOf);
  if (isError === true) {
    const said = texts.join('\n').slice(0, 1_000).toWellFormed() || 'it says no more';
    throw refusedForGood('tool_error', `The tool answers with an error: ${said}`);
  }
  const structured =
    structuredContent === undefined || isSaid(structuredContent, content, texts) ? [] : [structuredContent];
  const shown = [...texts, ...structured.map((value) => JSON.stringify(value, null, 1))].filter(
    (text) => text.trim() !== '',
  );
  const others = content.flatMap(otherOf);
  const nothing = shown.length === 0 && others.length === 0 ? ['The tool gave nothing.'] : others;
  return { pieces: shown.map((text) => pieceOf(text, tool)), text: nothing.join('\n') };
}

function textOf({ type, text, resource }: Block): readonly string[] {
  if (type === 'text') return text === undefined ? [] : [text];
  return type === 'resource' && resource?.text !== undefined ? [resource.text] : [];
}

/** Servers give what has a structure among the rest as well, for clients that do not know it: as JSON, or value by value. */
function isSaid(structured: unknown, content: readonly Block[], texts: readonly string[]): boolean {
  const given = new Set(valuesIn(content));
  const whole = JSON.stringify(structured);
  return (
    valuesIn(structured).every((value) => given.has(value)) || texts.some((text) => compact(text) === whole)
  );
}

function valuesIn(whole: unknown): readonly unknown[] {
  if (typeof whole !== 'object' || whole === null) return [whole];
  return Object.values(whole).flatMap(valuesIn);
}

function compact(json: string): string | undefined {
  return JSON.stringify(parseJson(json));
}

function otherOf({ type, text, name, uri, mimeType, resource }: Block): readonly string[] {
  if (type === 'text' || resource?.text !== undefined || text !== undefined) return [];
  const what = [type.replaceAll('_', ' '), mimeType ?? resource?.mimeType, name, uri ?? resource?.uri];
  return [`It also gave: ${what.filter((each) => each !== undefined).join(' ')} (not shown).`.slice(0, 500)];
}

function pieceOf(whole: string, tool: string): FoundPiece {
  const text = whole.toWellFormed();
  return { kind: 'tool', source: `tool:${tool}`, title: tool, text, ...wholePlace(text) };
}
