import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HttpProblem } from '../../../src/infra/http/problem.ts';
import { type Leave, RequestLimit } from '../../../src/infra/http/request-limit.ts';

it('never lets in more than fits, and always the only one', () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant('leave' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const admission = new RequestLimit({ bytes: 50, requests: 3 });
      const inside: { bytes: number; leave: Leave }[] = [];
      for (const each of steps) {
        if (each === 'leave') {
          const left = inside.shift();
          left?.leave();
          left?.leave();
          continue;
        }
        const held = inside.reduce((sum, { bytes }) => sum + bytes, 0);
        const fits = inside.length === 0 || (inside.length < 3 && held + each <= 50);
        if (fits) inside.push({ bytes: each, leave: admission.enter(each) });
        else expect(() => admission.enter(each)).toThrow(HttpProblem);
      }
    }),
  );
});
