import { jsonOrSame } from '../../../stages/question-parts/json-or-same.ts';
import { asFields, type RowFields } from './meant.ts';

/** Tools as they were written: a column of Parquet has `null` for what is absent, and schemas as the text of their JSON. */
export function rowToolsOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(toolOf) : value;
}

function toolOf(value: unknown): unknown {
  const fields = asFields(value);
  if (fields === undefined) return value;
  const tool = present(fields);
  return { ...tool, ...('function' in tool ? { function: toolOf(tool['function']) } : {}) };
}

function present(fields: RowFields): RowFields {
  const there = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    there.map(([name, value]) => [name, name === 'parameters' ? jsonOrSame(value) : value]),
  );
}
