import { ownField, parseJson } from '../../../stages/text/json.ts';
import { Failure } from '../../../streams/failure.ts';
import { asFields } from '../mapping/meant.ts';
import { recognise } from '../mapping/recognise.ts';
import { delimiterByRows, delimiterOf } from './delimiter.ts';
import { csv, csvBy, type InputFormat, jsonArray, jsonLines, plainTextFormat, tsv } from './input-format.ts';
import { LIST_NAMES } from './json-document.ts';

/** What is no list of questions, by its first line, and would be read as one. */
const OTHERS: readonly Readonly<{ begins: RegExp; what: string }>[] = [
  { begins: /^<(?:!doctype|!--|\?xml|html|head|body|svg|rss)\b/i, what: 'a web page or XML' },
  { begins: /^\{\\rtf/, what: 'RTF: save it as plain text' },
  { begins: /^(?:---$|-\s+"?question"?\s*:|questions?\s*:\s*$|question\s*:\s)/, what: 'YAML' },
];
const EXPECTED = 'expected JSON lines, a JSON array, CSV with a column "question", or one question a line';

/**
 * The format of an input: what its first line shows, for a name may be wrong and standard input has none; else what its name
 * says. Throws a fatal Failure (`input_binary`, `input_unknown`) for what only looks like lines of text.
 * @param named the format that the extension stands for.
 */
export function formatOf(name: string, beginning: Uint8Array, named: InputFormat | undefined): InputFormat {
  const text = new TextDecoder().decode(beginning).trimStart();
  const line = text.split('\n', 1)[0]?.trimEnd() ?? '';
  if (named === csv || named === tsv)
    return csvBy(delimiterOf(line) ?? (named === tsv ? '\t' : delimiterByRows(text)));
  const json = jsonFormatOf(text, line, named);
  if (json !== undefined) return json;
  if (named !== undefined && named !== plainTextFormat) return named;
  const delimiter = delimiterOf(line);
  if (delimiter !== undefined && (named === undefined || line.includes(delimiter))) return csvBy(delimiter);
  assertText(name, beginning, line);
  return named ?? plainTextFormat;
}

function assertText(name: string, beginning: Uint8Array, line: string): void {
  const other = OTHERS.find(({ begins }) => begins.test(line))?.what;
  if (other !== undefined)
    throw new Failure('fatal', 'input_unknown', `${name} looks like ${other}: ${EXPECTED}`);
  if (beginning.includes(0))
    throw new Failure('fatal', 'input_binary', `${name} is no text (it has zero bytes): ${EXPECTED}`);
}

/** `undefined` where the text does not begin as JSON. */
function jsonFormatOf(text: string, line: string, named: InputFormat | undefined): InputFormat | undefined {
  const value = parseJson(line);
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) || isDocument(value, text.slice(line.length), named) ? jsonArray : jsonLines;
  }
  if (typeof value === 'string') return jsonLines;
  // An array, or an object over several lines, or longer than what was looked at.
  if (/^\[\s*(?:[[{"]|$)/.test(text) && isOpen(line, text)) return jsonArray;
  if (/^\{\s*(?:"questions"\s*:|$)/.test(line) && isOpen(line, text)) return jsonArray;
  return /^\{\s*"/.test(text) ? (named ?? jsonLines) : undefined;
}

/** Whether a whole object on the first line holds the list of rows, and is no row itself. */
function isDocument(value: object, behind: string, named: InputFormat | undefined): boolean {
  if (recognise(asFields(value) ?? {}) !== undefined) return false;
  if (LIST_NAMES.some((name) => Array.isArray(ownField(value, name))))
    return named === jsonArray || 'questions' in value;
  return named === jsonArray && !/^\s*\{/.test(behind);
}

/** Whether the JSON goes on behind its first line, so that it is not just a line with an error. */
function isOpen(line: string, text: string): boolean {
  return text.length === line.length || !/[\]}]$/.test(line);
}
