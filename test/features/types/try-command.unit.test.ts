import { expect, it } from 'vitest';
import { fieldsFrom } from '../../../src/features/types/try-command.ts';

it('fields of a tried question are named one by one', () => {
  expect(fieldsFrom([])).toEqual({});
  expect(fieldsFrom(['level=school', 'formula=a=b'])).toEqual({ level: 'school', formula: 'a=b' });
});

it('what names no field is refused', () => {
  for (const wrong of ['level', '=school', '9x=school', 'a-b=c'])
    expect(() => fieldsFrom([wrong])).toThrow(
      `such as level=school, with a name of letters, digits and _; came "${wrong}".`,
    );
});
