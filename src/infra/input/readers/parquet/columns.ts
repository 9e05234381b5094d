import type { SchemaElement, SchemaTree } from 'hyparquet';

/**
 * The columns that JSON can hold: all but those with bytes that are no text, such as pictures. Throws where a field inside one has a name that no
 * object of JavaScript keeps.
 */
export function readableColumns(schema: SchemaTree): readonly string[] {
  if (schema.children.some(({ children }) => children.some(holdsNoName)))
    throw new Error('expected fields of other names, came one named __proto__');
  return schema.children.filter((tree) => !holdsBytes(tree)).map(({ element }) => element.name);
}

function holdsBytes({ children, element }: SchemaTree): boolean {
  return children.length === 0 ? isBytes(element) : children.some(holdsBytes);
}

function isBytes({ type, converted_type, logical_type }: SchemaElement): boolean {
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return false;
  return converted_type === undefined && logical_type === undefined;
}

function holdsNoName({ children, element }: SchemaTree): boolean {
  return element.name === '__proto__' || children.some(holdsNoName);
}
