import { describe, expect, it } from 'vitest';
import { DEAD_LETTER_HEADER, DRIVE_HEADER } from '../../../src/streams/delivery/dead-letter.ts';
import { poison } from '../../support/failures.ts';
import { keyOf, questionRecord, scriptedRun } from '../../support/stage/test-stage.ts';
import { finished } from '../../support/stage/work.ts';
import { workBench } from '../../support/stage/work-bench.ts';

const again = { [DEAD_LETTER_HEADER]: 'in:0:7', [DRIVE_HEADER]: '2' };

describe('a record that was sent again', () => {
  it('closes the dead letter of its work once everything that follows is durable', async () => {
    const { work, journal, questions } = workBench();
    await work(questionRecord('q1', { drive: 1 }));
    expect(questions.closed).toEqual(['main/q1/research/0']);
    expect(journal.slice(-2)).toEqual(['closeDeadLetter main/q1/research/0', 'settle']);
  });

  it('closes it as well where the work is found done', async () => {
    const { work, store, questions } = workBench();
    store.put(keyOf('q1'), { state: 'done', finished: finished('r'), published: true });
    await work(questionRecord('q1', { drive: 1 }));
    expect(questions.closed).toEqual(['main/q1/research/0']);
  });

  it('opens the dead letter again where it dies, and closes nothing', async () => {
    const { work, questions } = workBench({ run: scriptedRun(poison()) });
    await work(questionRecord('q1', { drive: 1 }));
    expect(questions.deadLetters).toMatchObject([{ id: 'main/q1/research/0', drive: 1 }]);
    expect(questions.closed).toEqual([]);
  });

  it('closes nothing where it comes once more after it died', async () => {
    const { work, store, questions } = workBench();
    store.put(keyOf('q1', 1), { state: 'dead', drive: 1 });
    await work(questionRecord('q1', { drive: 1 }));
    expect(questions.closed).toEqual([]);
  });

  it('opens the same dead letter again where nobody can decode it still, with its drive', async () => {
    const { work, questions } = workBench();
    await work(questionRecord('q1', { value: '%%', offset: 12n, headers: again }));
    expect(questions.deadLetters).toMatchObject([{ id: 'in:0:7', drive: 2, offset: 12n, work: undefined }]);
  });

  it('closes that dead letter where it is decoded now, whatever becomes of its work', async () => {
    const fine = workBench();
    await fine.work(questionRecord('q1', { headers: again }));
    expect(fine.questions.closed).toEqual(['in:0:7']);
    const dead = workBench({ run: scriptedRun(poison()) });
    await dead.work(questionRecord('q1', { headers: again }));
    expect(dead.questions.deadLetters).toMatchObject([{ id: 'main/q1/research/0' }]);
    expect(dead.questions.closed).toEqual(['in:0:7']);
  });

  it('does not believe a header that names a record of another topic', async () => {
    const { work, questions } = workBench();
    const foreign = { ...again, [DEAD_LETTER_HEADER]: 'other:0:7' };
    await work(questionRecord('q1', { value: '%%', offset: 12n, headers: foreign }));
    expect(questions.deadLetters).toMatchObject([{ id: 'in:0:12', drive: 0 }]);
  });
});
