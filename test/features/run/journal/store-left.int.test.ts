import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { storeLeft } from '../../../../src/features/run/journal/store-left.ts';
import { adoptJournals } from '../../../../src/infra/journal/adopt-journals.ts';
import { frameOf } from '../../../../src/infra/journal/frame.ts';
import { JournalFiles } from '../../../../src/infra/journal/journal-files.ts';
import { damagedFilesIn } from '../../../../src/infra/journal/segment-names.ts';
import { leftSpills } from '../../../../src/infra/journal/spill-files.ts';
import { LaneCache } from '../../../../src/stages/lanes/lane-cache.ts';
import type { Store } from '../../../../src/stages/store/store.ts';
import type { Arrival, Unsaved } from '../../../../src/streams/work/journal.ts';
import type { Persist } from '../../../../src/streams/work/persist.ts';
import type { HeldWork, WorkKey } from '../../../../src/streams/work/work.ts';
import { claimed } from '../../../../src/testing/store/claiming.ts';
import {
  failedAttemptOf,
  finishedWith,
  questionOf,
  research,
  workOf,
} from '../../../../src/testing/store/fixtures.ts';
import { stepOf } from '../../../../src/testing/store/steps.ts';
import { openedEngine } from '../../../infra/engines/sqlite/opened.ts';
import { fatal } from '../../../support/failures.ts';
import { spillLine } from '../../../support/stage/spill-line.ts';
import { laneOf } from '../../../support/stage/stage-fixtures.ts';

const theirs = { ...research, summary: 'theirs' };
const ID = '00000000-0000-4000-8000-000000000001';

async function bench(lane = laneOf()) {
  const { engine, data, reopen, close } = await openedEngine();
  onTestFinished(close);
  await engine.store.lanes.open(lane);
  const journal = new JournalFiles({
    ...{ directory: data, namespace: 'n', id: ID },
    onTrouble: (reason) => expect.unreachable(reason),
    onWritten: () => undefined,
  });
  const stored: string[] = [];
  const troubles: string[] = [];
  const named: string[] = [];
  const restore = async (store: Store, persist: Persist = (write) => write()) => {
    journal.close();
    const left = {
      journals: adoptJournals(data, 'n', (path) => troubles.push(path)),
      spills: leftSpills(data, 'n'),
    };
    const reading = {
      lanes: new LaneCache(store.lanes),
      longestAnswer: () => undefined,
      prices: {},
      secrets: [],
    };
    named.length = 0;
    const restored = await storeLeft(
      left,
      { store, persist, reading },
      {
        onUnusable: (what) => named.push(what),
        onStored: async (id) => stored.push(id),
      },
    );
    return { ...restored, unusable: [...named] };
  };
  const files = async () => (await readdir(data)).filter((name) => name.startsWith('n.')).sort();
  return { store: engine.store, data, reopen, journal, restore, files, stored, troubles, named };
}

const answer = (held: HeldWork): Unsaved => ({
  ...{ kind: 'answer', stage: 'research', ...held },
  finished: finishedWith(research),
});

const completion = (content: string) =>
  Buffer.from(
    JSON.stringify({
      model: 'answered',
      choices: [{ message: { content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    }),
  );

const arrival = (held: HeldWork, about: Partial<Arrival> = {}): Arrival => ({
  ...{ kind: 'arrival', stage: 'research', ...held, number: 1 },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', durationMs: 7, earlier: [] },
  ...{ form: 'completion', codings: '', model: 'asked', recipe: 'recipe', shape: '' },
  ...about,
});

async function known(store: Store, overrides: Partial<WorkKey> = {}): Promise<WorkKey> {
  const question = questionOf();
  const work = workOf(question, overrides);
  await store.questions.accept(work, question, undefined);
  return work;
}

async function resultOf(store: Store, work: WorkKey) {
  const claim = await store.research.claim(work);
  return claim.kind === 'done' ? claim.finished.result : claim.kind;
}

describe('what an earlier process left in its journal', () => {
  it('is stored under its claim at the next start, and its files go', async () => {
    const { store, reopen, journal, restore, files, stored } = await bench();
    const work = await known(store);
    journal.keep(answer(await claimed(store.research, work)));
    const later = (await reopen()).store;
    expect(await restore(later)).toMatchObject({ stored: 1, dropped: 0, atHand: 0, unusable: [] });
    expect(await resultOf(later, work)).toEqual(research);
    expect(await files()).toEqual([]);
    expect(stored).toEqual([ID]);
  });

  it('keeps paid look-ups, in order, where a free one before them was lost', async () => {
    const { store, reopen, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    for (const n of [1, 2]) {
      const step = stepOf(n, { key: `result/turn/0/${n}`, kind: 'result', costUsd: 0.01 });
      journal.keep({ kind: 'step', stage: 'research', ...held, step });
    }
    const later = (await reopen()).store;
    expect(await restore(later)).toMatchObject({ dropped: 0, unusable: [] });
    expect(await later.research.steps(held.workId)).toMatchObject([
      { n: 0, key: 'result/turn/0/1', costUsd: 0.01 },
      { n: 1, key: 'result/turn/0/2', costUsd: 0.01 },
    ]);
  });

  it('is kept for whoever asks the same, where it is a look-up that belongs to no work', async () => {
    const { store, journal, restore, files } = await bench();
    const lookUp = {
      key: 'k',
      tool: 'embeddings',
      atMs: 1,
      untilMs: 9,
      sources: [],
      body: { vector: 'AQI=' },
    };
    journal.keep({ kind: 'look-up', lookUp });
    expect(await restore(store)).toMatchObject({ stored: 1, dropped: 0, unusable: [] });
    expect(await store.lookUps.find('k', 8)).toEqual({ vector: 'AQI=' });
    expect(await files()).toEqual([]);
  });

  it('is stored once, however often a start is cut short', async () => {
    const { store, data, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    journal.keep(answer(held));
    const name = (await readdir(data)).find((each) => each.endsWith('.journal')) ?? '';
    const bytes = await readFile(join(data, name));
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(await restore(store)).toMatchObject({ stored: 1 });
      await writeFile(join(data, name), bytes);
    }
    expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({ done: 1 });
  });

  it('is dropped where another result of the work stands', async () => {
    const { store, reopen, journal, restore, files } = await bench();
    const work = await known(store);
    journal.keep(answer(await claimed(store.research, work)));
    const later = (await reopen()).store;
    await later.research.complete(await claimed(later.research, work), finishedWith(theirs));
    expect(await restore(later)).toMatchObject({ stored: 0, dropped: 1 });
    expect(await resultOf(later, work)).toEqual(theirs);
    expect(await files()).toEqual([]);
  });

  it('is dropped where its question was deleted, or its work is dead', async () => {
    const { store, reopen, journal, restore, files } = await bench();
    const [gone, dead] = [await known(store), await known(store)];
    journal.arrived(arrival(await claimed(store.research, gone)), [completion(JSON.stringify(research))]);
    journal.arrived(arrival(await claimed(store.research, dead)), [completion(JSON.stringify(research))]);
    const later = (await reopen()).store;
    await later.research.bury(await claimed(later.research, dead), dead);
    await later.forgotten.mark([gone.questionId]);
    await later.forgotten.erase([gone.questionId]);
    expect(await restore(later)).toMatchObject({ stored: 0, dropped: 2, atHand: 0 });
    expect(await files()).toEqual([]);
  });

  it('is kept at hand where another one holds the work, until it is used or superseded', async () => {
    const { store, reopen, journal, restore, files } = await bench();
    const work = await known(store);
    journal.keep(answer(await claimed(store.research, work)));
    const later = (await reopen()).store;
    const held = await claimed(later.research, work);
    const { atHand, answers } = await restore(later);
    expect(atHand).toBe(1);
    expect(answers.of(held.workId)?.result).toEqual(research);
    expect(await files()).toEqual([`n.${ID}.1.journal`, `n.${ID}.journal-lock`]);
    answers.drop(held.workId);
    expect(answers.of(held.workId)).toBeUndefined();
    expect(await files()).toEqual([]);
  });

  it('counts a failed attempt that was paid for', async () => {
    const { store, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    journal.keep({ kind: 'attempt', stage: 'research', ...held, attempt: failedAttemptOf(1) });
    await restore(store);
    expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({
      failedAttempts: 1,
      costUsd: 0.25,
    });
  });

  it('is stored from a spill file of Millrace 0.1.0 too', async () => {
    const { store, data, restore, files } = await bench();
    const work = await known(store);
    await writeFile(join(data, 'n.x.spill'), spillLine(answer(await claimed(store.research, work))));
    expect(await restore(store)).toMatchObject({ stored: 1, unusable: [] });
    expect(await resultOf(store, work)).toEqual(research);
    expect(await files()).toEqual([]);
  });

  it('is stored from a damaged spill file as far as it is whole, and the file is set aside and named', async () => {
    const { store, data, restore, files } = await bench();
    const work = await known(store);
    const torn = spillLine(answer(await claimed(store.research, await known(store)))).slice(0, -20);
    const path = join(data, 'n.x.spill');
    await writeFile(path, `${spillLine(answer(await claimed(store.research, work)))}${torn}`);
    const { stored, unusable } = await restore(store);
    expect([stored, unusable]).toEqual([
      1,
      [expect.stringMatching(`^1 entry of ${path} .*${path}.damaged$`)],
    ]);
    expect(await resultOf(store, work)).toEqual(research);
    expect(await readFile(`${path}.damaged`, 'utf8')).toContain(torn);
    expect(await files()).toEqual(['n.x.spill.damaged']);
    expect(damagedFilesIn(data, 'n')).toEqual([`${path}.damaged`]);
    expect(await restore(store)).toMatchObject({ stored: 0, unusable: [] });
  });
});

describe('an answer that nobody had looked at', () => {
  it('becomes the result that its asker would have stored, with the attempts before it', async () => {
    const { store, reopen, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    const earlier = [failedAttemptOf(1)];
    journal.arrived(arrival(held, { number: 2, earlier }), [completion(JSON.stringify(research))]);
    const later = (await reopen()).store;
    expect(await restore(later)).toMatchObject({ stored: 1 });
    const finished = await later.research.find(work);
    expect(finished).toMatchObject({ result: research, model: 'answered', recipe: 'recipe', costUsd: null });
    expect(finished?.attempts).toMatchObject([earlier[0], { number: 2, outcome: 'ok', durationMs: 7 }]);
    expect(finished?.usage).toMatchObject({ input: 1_010, output: 205 });
  });

  it('becomes a candidate of its training type, and a verdict by the recipe of its lane', async () => {
    const { store, journal, restore } = await bench();
    const candidate = { prompt: 'P', answer: 'A' };
    const generation = await known(store, { stage: 'generation' });
    const review = await known(store, { stage: 'review', revision: 1 });
    const rubric = Object.keys(laneOf().recipes.review.rubric);
    const scores = Object.fromEntries(rubric.map((name) => [name, { score: '9/10', reason: 'fine' }]));
    journal.arrived(
      arrival(await claimed(store.generations, generation), { stage: 'generation', shape: 'sft' }),
      [completion(`Sure:\n\`\`\`json\n${JSON.stringify(candidate)}\n\`\`\``)],
    );
    const judgement = completion(JSON.stringify({ scores, feedback: 'good' }));
    journal.arrived(arrival(await claimed(store.reviews, review), { stage: 'review' }), [judgement]);
    expect(await restore(store)).toMatchObject({ stored: 2 });
    expect((await store.generations.find(generation))?.result).toEqual(candidate);
    expect((await store.reviews.find(review))?.result).toMatchObject({ verdict: 'approved', score: 9 });
  });

  it('that was asked about a suspicious candidate is held for a person, as its asker would have held it', async () => {
    const lane = laneOf();
    const { recipes } = lane;
    const hold = { ...recipes, review: { ...recipes.review, hold: {} } };
    const { store, journal, restore } = await bench({ ...lane, recipes: hold });
    const names = Object.keys(recipes.review.rubric);
    const scores = Object.fromEntries(names.map((name) => [name, { score: 9, reason: 'fine' }]));
    const judgement = completion(JSON.stringify({ scores, feedback: 'good' }));
    const [suspect, clean] = [
      await known(store, { stage: 'review' }),
      await known(store, { stage: 'review' }),
    ];
    const about = { stage: 'review', shape: 'suspect' };
    journal.arrived(arrival(await claimed(store.reviews, suspect), about), [judgement]);
    journal.arrived(arrival(await claimed(store.reviews, clean), { stage: 'review' }), [judgement]);
    expect(await restore(store)).toMatchObject({ stored: 2 });
    expect((await store.reviews.find(suspect))?.result.hold).toBe('suspicious');
    expect((await store.reviews.find(clean))?.result.hold).toBeUndefined();
  });

  it('and cannot be used counts as the attempt it was, once, and the work may be asked for again at once', async () => {
    const { store, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    const failed = arrival(held);
    journal.arrived(failed, [completion('Sure!')]);
    journal.arrived(arrival(held, { number: 2, startedAt: '2026-01-01T00:00:01.000Z' }), [
      Buffer.from('<html>'),
    ]);
    await store.research.recordAttempt(
      held,
      failedAttemptOf(1, { startedAt: failed.startedAt, number: failed.number }),
    );
    expect(await restore(store)).toMatchObject({ stored: 2 });
    expect(await store.research.claim(work)).toMatchObject({
      kind: 'claimed',
      attempts: [{ number: 1 }, { number: 2, outcome: 'transient', code: 'malformed_response' }],
    });
    expect((await store.reports.progress(work.lane)).stages.research).toMatchObject({ failedAttempts: 2 });
  });

  it('is unpacked first, where its server had packed it', async () => {
    const { store, journal, restore } = await bench();
    const work = await known(store);
    const held = await claimed(store.research, work);
    const body = gzipSync(completion(JSON.stringify(research)));
    journal.arrived(arrival(held, { codings: 'gzip' }), [body.subarray(0, 9), body.subarray(9)]);
    expect(await restore(store)).toMatchObject({ stored: 1 });
    expect((await store.research.find(work))?.result).toEqual(research);
  });

  it('of a model that is no server is read as that model gave it', async () => {
    const { store, journal, restore } = await bench();
    const work = await known(store);
    const usage = { input: 1, output: 2, cached: 0, reasoning: 0 };
    const said = { text: JSON.stringify(research), reasoning: '', finishReason: 'stop', refusal: null };
    const reply = { ...said, model: 'mine', usage, costUsd: 0.5 };
    const held = await claimed(store.research, work);
    journal.arrived(arrival(held, { form: 'reply' }), [Buffer.from(JSON.stringify(reply))]);
    expect(await restore(store)).toMatchObject({ stored: 1 });
    expect(await store.research.find(work)).toMatchObject({ result: research, model: 'mine', costUsd: 0.5 });
  });
});

describe('a journal that cannot all be used', () => {
  async function withOneAnswer() {
    const its = await bench();
    const work = await known(its.store);
    const held = await claimed(its.store.research, work);
    its.journal.arrived(arrival(held), [completion(JSON.stringify(research))]);
    its.journal.close();
    const path = join(its.data, `n.${ID}.1.journal`);
    return { ...its, work, path };
  }

  it('gives what is whole, and is set aside and named for what is torn', async () => {
    const { store, work, path, restore, files } = await withOneAnswer();
    const bytes = await readFile(path);
    await appendFile(path, bytes.subarray(bytes.indexOf('\n') + 1, -20));
    const { stored, unusable } = await restore(store);
    expect([stored, unusable]).toEqual([1, [expect.stringContaining(`${path}.damaged`)]]);
    expect(await resultOf(store, work)).toEqual(research);
    expect(await files()).toEqual([`n.${ID}.1.journal.damaged`]);
    expect(await restore(store)).toMatchObject({ stored: 0, unusable: [] });
  });

  it('is not told as stored where an earlier start set a file of it aside, and died over the others', async () => {
    const { store, path, restore, stored } = await withOneAnswer();
    await copyFile(path, path.replace('.1.journal', '.2.journal.damaged'));
    expect(await restore(store)).toMatchObject({ stored: 1 });
    expect(stored).toEqual([]);
  });

  it('is named for what is torn before the store is asked, which may not answer while this process lives', async () => {
    const { store, path, restore, files, named } = await withOneAnswer();
    await appendFile(path, 'torn');
    await expect(restore(store, () => Promise.reject(fatal()))).rejects.toThrow();
    expect(named).toEqual([expect.stringContaining(`1 entry of ${path} `)]);
    expect(await files()).toContain(`n.${ID}.1.journal`);
  });

  it('is left where it is and named where it is of another version', async () => {
    const { store, path, restore, files } = await withOneAnswer();
    const bytes = await readFile(path);
    bytes.write('"v":9', bytes.indexOf('"v":1'));
    await writeFile(path, bytes);
    for (let start = 0; start < 2; start += 1)
      expect((await restore(store)).unusable).toEqual([
        expect.stringContaining(`${path}: it is of version 9`),
      ]);
    expect(await files()).toEqual([`n.${ID}.1.journal`]);
  });

  it('is left where it is and named where it is of another namespace, or none at all', async () => {
    const { store, data, path, restore, stored } = await withOneAnswer();
    const bytes = (await readFile(path, 'latin1')).replace('"namespace":"n"', '"namespace":"m"');
    await writeFile(path, bytes, 'latin1');
    await writeFile(join(data, `n.${ID}.2.journal`), 'Dear diary,\n');
    await symlink('/etc/hostname', join(data, `n.${ID}.3.journal`));
    expect((await restore(store)).unusable).toEqual([
      expect.stringContaining('namespace m'),
      expect.stringContaining('does not begin as a journal does'),
      expect.stringContaining('ELOOP'),
    ]);
    expect(stored).toEqual([]);
  });

  it('is named by the start for what is torn while another one holds the rest, and set aside once that is used', async () => {
    const { store, reopen, data, journal, restore, files, stored } = await bench();
    const work = await known(store);
    journal.keep(answer(await claimed(store.research, work)));
    const path = join(data, `n.${ID}.1.journal`);
    await appendFile(path, 'torn');
    const later = (await reopen()).store;
    const held = await claimed(later.research, work);
    const { atHand, unusable, answers } = await restore(later);
    expect([atHand, unusable]).toEqual([1, [expect.stringContaining(`1 entry of ${path} `)]]);
    expect(await files()).toContain(`n.${ID}.1.journal`);
    answers.drop(held.workId);
    expect(await files()).toEqual([`n.${ID}.1.journal.damaged`]);
    expect(stored).toEqual([]);
  });

  it('keeps the entries of kinds and stages that a later Millrace writes', async () => {
    const { store, data, journal, restore, files, stored } = await bench();
    const held = await claimed(store.research, await known(store));
    const translation = { stage: 'translation', ...held };
    journal.arrived(arrival(held, { stage: 'translation' }), [completion('{}')]);
    journal.arrived(arrival(held, { stage: 'translation' }), [Buffer.from('<html>')]);
    journal.keep({ kind: 'attempt', ...translation, attempt: failedAttemptOf(1) });
    await appendFile(
      join(data, `n.${ID}.1.journal`),
      Buffer.concat(frameOf('{"kind":"picture"}', [Buffer.from('of a later kind')])),
    );
    expect(await restore(store)).toMatchObject({
      ...{ stored: 0, dropped: 0 },
      unusable: [
        expect.stringMatching(/^1 entry .*not known/),
        expect.stringMatching(/^3 entries .*not known/),
      ],
    });
    expect(await files()).toEqual([`n.${ID}.1.journal.damaged`]);
    expect(await readFile(join(data, `n.${ID}.1.journal.damaged`), 'latin1')).toContain('of a later kind');
    expect(stored).toEqual([]);
  });
});

describe('a file of a journal that cannot be read stays and is named, and the rest is stored:', () => {
  /** A journal and a spill file with an answer each, beside files that `spoil` has made of these paths. */
  async function beside(spoil: (path: string) => Promise<unknown>, reason: string) {
    const { store, data, journal, restore, stored } = await bench();
    const [work, spilled] = [await known(store), await known(store)];
    journal.keep(answer(await claimed(store.research, work)));
    await writeFile(join(data, 'n.x.spill'), spillLine(answer(await claimed(store.research, spilled))));
    const spoiled = [join(data, `n.${ID}.2.journal`), join(data, 'n.y.spill')];
    for (const path of spoiled) await spoil(path);
    const { unusable } = await restore(store);
    expect(unusable.toSorted()).toEqual(
      spoiled.map((path) => expect.stringMatching(`^${path}: .*${reason}`)),
    );
    expect(await resultOf(store, work)).toEqual(research);
    expect(await resultOf(store, spilled)).toEqual(research);
    const names = (await readdir(data)).filter((name) => name.startsWith('n.'));
    expect(names.sort().map((name) => join(data, name))).toEqual(spoiled);
    expect(stored).toEqual([]);
  }

  it('one that is a directory', () => beside((path) => mkdir(path), 'it is no file'));

  it('one that is larger than any that was ever written', () =>
    beside(async (path) => {
      await writeFile(path, '');
      await truncate(path, 513 * 1_024 * 1_024);
    }, 'it is larger than'));

  it.skipIf(process.geteuid?.() === 0)('one that is another’s (skipped for root, who reads everything)', () =>
    beside((path) => writeFile(path, 'secret', { mode: 0 }), 'EACCES'),
  );

  it('one whose lock cannot be taken', async () => {
    const { store, data, journal, restore, troubles } = await bench();
    const work = await known(store);
    journal.keep(answer(await claimed(store.research, work)));
    const other = '00000000-0000-4000-8000-000000000002';
    const path = join(data, `n.${other}.1.journal`);
    await writeFile(path, '');
    await mkdir(join(data, `n.${other}.journal-lock`));
    expect(await restore(store)).toMatchObject({ stored: 1 });
    expect(troubles).toEqual([path]);
    expect(await readdir(data)).toContain(`n.${other}.1.journal`);
  });
});
