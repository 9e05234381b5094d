import type { AnswerSchema, ChatReply } from '../../../stages/agent/chat-model.ts';
import { jsonIn } from '../../../stages/agent/reply/json-in-reply.ts';
import { isObject } from '../../../stages/text/json.ts';
import { listOrEmpty, resolved, type Schema, schemasOf } from '../json-schema.ts';

const MAX_DEPTH = 32;

/**
 * Whether the reply has the shape that its schema demands, as far as a server enforces it: names, types and enums, no
 * limits of lengths. A reply that was cut off, refused or left empty says nothing of the server, and passes.
 */
export function isOfShape({ text, finishReason, refusal }: ChatReply, { schema }: AnswerSchema): boolean {
  if (refusal !== null || text.trim() === '' || /^(?:length|content_filter)$/.test(finishReason)) return true;
  const reading = jsonIn(text);
  if (reading.kind === 'unclear') return true;
  return reading.kind === 'value' && fits(reading.value, schema, schema, MAX_DEPTH);
}

function fits(value: unknown, schema: Schema, root: Schema, depth: number): boolean {
  if (depth === 0) return true;
  const at = resolved(schema, root);
  const inner = (each: unknown, its: unknown) => !isObject(its) || fits(each, its, root, depth - 1);
  const choices = listOrEmpty(at['enum']);
  if (choices.length > 0 && !choices.includes(value)) return false;
  const options = listOrEmpty(at['anyOf'] ?? at['oneOf']).filter(isObject);
  if (options.length > 0 && !options.some((each) => inner(value, each))) return false;
  if (!isOfType(value, at['type'])) return false;
  if (Array.isArray(value)) return value.every((each) => inner(each, at['items']));
  if (typeof value !== 'object' || value === null) return true;
  const entries = new Map(Object.entries(value));
  return (
    listOrEmpty(at['required']).every((name) => entries.has(String(name))) &&
    schemasOf(at['properties']).every(([name, its]) => !entries.has(name) || inner(entries.get(name), its))
  );
}

function isOfType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((each) => isOfType(value, each));
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    case 'null':
      return value === null;
    default:
      return true;
  }
}
