import { contentHashOf } from '../../../stages/evidence/piece.ts';

const MOST_NAME = 64;

/** What a tool of a server is called, as servers of models take names. */
export function mcpToolName(server: string, tool: string): string {
  const name = `${server}__${tool}`.replace(/[^\w-]/g, '_');
  if (name.length <= MOST_NAME) return name;
  const mark = contentHashOf(name).slice(0, 8);
  return `${name.slice(0, MOST_NAME - mark.length - 1)}_${mark}`;
}
