import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonIn } from '../../../../src/stages/agent/reply/json-in-reply.ts';

/** The JSON of somebody who does not double backslashes: line ends and quotes are escaped, and nothing else is. */
function single(text: string): string {
  return `{"answer": "${text.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"}`;
}

const meant = (answer: string) => ({ kind: 'value', value: { answer } });

describe('backslashes that were not doubled', () => {
  it.each([
    ['a sum', String.raw`It is $\sum_i \alpha_i \cdot x$, see \(y\).`],
    ['a fraction', String.raw`$\frac{a}{b}$`],
    ['what JSON takes for a backspace', String.raw`\beta + \bar{x} and \binom{n}{k}`],
    ['what JSON takes for a tab', String.raw`\theta \times \text{s}`],
    ['what JSON takes for a carriage return', String.raw`\rho and \right) and \rangle`],
    ['what JSON takes for half a character', String.raw`\usepackage{amsmath} \underline{x} \upsilon`],
    ['a regular expression', String.raw`Use ^\d+\s*\w{3}\.\d$ for it.`],
    ['a boundary of words', String.raw`\bword\b`],
    ['a path', String.raw`C:\Windows\System32\drivers\etc`],
    ['a path that JSON could read', String.raw`Look into C:\temp\foo.txt`],
    [
      'a formula with line ends around it',
      'First:\n\n\\[ \\frac{1}{2} \\]\n\nThen it follows.\n- one\n- two',
    ],
    ['Markdown', String.raw`a\_b and 5\% and \# and \$5`],
  ])('are kept in %s', (_, text) => {
    expect(jsonIn(single(text))).toEqual(meant(text));
  });

  it.each([
    String.raw`\nabla f = 0`,
    String.raw`so $a \neq b$`,
    String.raw`$x \ne y$`,
    String.raw`$\nu = 3$`,
    String.raw`$a \to b$`,
    String.raw`$\alpha \nu$`,
    String.raw`\frac{a}{b} \\ c`,
    String.raw`C:\Users\new\file`,
    String.raw`C:\new folder`,
    String.raw`\d+[\n\r]`,
    String.raw`\s*\n`,
    String.raw`print("Hello\n")`,
    String.raw`split('\n')`,
    'Write `\\n` for a line end.',
    String.raw`caf\'e`,
    String.raw`an escape: \u001b[31m`,
    String.raw`^https?:\/\/\w+$`,
  ])('are asked about where they could be something else: %s', (text) => {
    expect(jsonIn(single(text))).toMatchObject({ kind: 'unclear' });
  });

  it('are never lost, and never a control character, whatever stands around them', () => {
    const commands =
      'alpha beta nabla neq nu not notin ne nexists theta times to tan tau text{a} therefore rho right) rangle rm frac{a}{b} forall flat bar{x} binom{n}{k} begin{x} upsilon underline{x} sum int ( ) [ ] { } , ; d+ s* w b _ % # &'.split(
        ' ',
      );
    const places = ['C:\\temp\\new', 'C:\\Users\\bob\\notes', 'D:\\repos\\tests'];
    const words = ['so', 'we get', 'Hence.', 'x = 3', '$', 'A1:', '- item', '"quoted"', 'it’s'];
    const betraying = ['\\sum_i', '\\(x\\)', '\\frac{1}{2}', '\\d+'];
    const part = fc.oneof(
      fc.constantFrom(...commands).map((command) => `\\${command}`),
      fc.constantFrom(...places, ...words),
    );
    const space = fc.constantFrom(' ', '\n', '\n\n', '. ', '_1 ', '^2, ');
    const text = fc
      .tuple(
        fc.array(fc.tuple(part, space), { maxLength: 6 }),
        fc.constantFrom(...betraying),
        fc.array(fc.tuple(space, part), { maxLength: 6 }),
      )
      .map(([before, evidence, after]) => `${before.flat().join('')} ${evidence} ${after.flat().join('')}`);
    fc.assert(
      fc.property(text, (each) => {
        const reading = jsonIn(single(each));
        if (reading.kind === 'value') expect(reading).toEqual(meant(each));
        else expect(reading.kind).toBe('unclear');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what was written as JSON wants it', () => {
  it.each([
    ['line ends', 'line one\nneed two\nnew three\nnot four\nno five\n\tindented'],
    ['a program', 'func f() {\n\treturn 1\n\tif x {\n\t\ttext := top\n\t}\n\tfrac = tan\n}\n'],
    ['a table of tabs', 'name\tage\nann\t3\ntom\t4\nto\tan'],
    ['formulas', 'So $\\alpha \\neq \\beta$:\n$$\n\\nabla \\times \\frac{a}{b} \\\\ c\n$$\nnu is a letter.'],
    ['a regular expression', 'Use ^\\d+\\s*\\n$ and [\\n\\r\\t] and https?:\\/\\/.'],
    ['paths', 'C:\\temp\\new and \\\\server\\share\\notes'],
    ['line ends in a program', 'print("Hello\\n")\nprint(\'x\\t\')\nUse `\\n`.'],
    ['a text of quotes', '"one"\n"two"\n\'three\'\n\'four\'\n`five`\n`six`'],
    ['labels of one letter', 'Plan A:\nnext do this\nPlan B:\nnothing\nC:\ttry'],
    ['fences', '```python\ns = """\nDoc\n"""\n```\n\nand\n\n```\nx\n```\n'],
    ['Windows line ends', 'one\r\ntwo\r\nrow'],
    ['prices', 'It costs $5 or $6.\nnot $7\nI think so.'],
    ['a formula that ends its line', 'It is $x_1$\nu is next, $y$\ni is last.'],
  ])('is read as it stands: %s', (_, text) => {
    expect(jsonIn(JSON.stringify({ answer: text }))).toEqual(meant(text));
    expect(jsonIn(JSON.stringify({ answer: text }, null, 2))).toEqual(meant(text));
  });

  it('is read as it stands, whatever lines of prose and code it has', () => {
    const word = fc.constantFrom(
      ...'so we need new notes if return text the to tan top an under rule right real for begin x = 3 - * 1. 2) "a" (b) [c] $5 it’s \\alpha \\(x\\) \\\\ \\n C:\\temp'.split(
        ' ',
      ),
    );
    const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
    const text = fc
      .array(fc.tuple(fc.constantFrom('', '\t', '  ', '- '), line), { minLength: 1, maxLength: 6 })
      .map((lines) => lines.map((parts) => parts.join('')).join('\n'));
    fc.assert(
      fc.property(text, (each) => {
        expect(jsonIn(JSON.stringify({ answer: each }))).toEqual(meant(each));
      }),
      { numRuns: 3_000 },
    );
  });
});
