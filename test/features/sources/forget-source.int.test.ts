import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openData } from '../../../src/features/run/session/open-data.ts';
import { namespaceOf } from '../../../src/features/run/session/session.ts';
import { addSource, refreshSource } from '../../../src/features/sources/add-source.ts';
import { forgetSource, planForgetSource } from '../../../src/features/sources/forget-source.ts';
import { staleQuestions } from '../../../src/features/sources/stale.ts';
import { generateSyntheticData } from '../../../src/index.ts';
import { parseSettings } from '../../../src/infra/config/load-settings.ts';
import { indexPath } from '../../../src/infra/documents/index/index-place.ts';
import { SourceIndex } from '../../../src/infra/documents/index/source-index.ts';
import { defineFunctions } from '../../../src/infra/engines/sqlite/functions.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { workIdOf } from '../../../src/streams/work/work.ts';
import { claimed } from '../../../src/testing/store/claiming.ts';
import {
  finishedWith,
  research as foundNothing,
  listOf,
  questionOf,
  workOf,
} from '../../../src/testing/store/fixtures.ts';
import { showing } from '../../../src/testing/store/looked-up/evidence.ts';
import { failureOf } from '../../support/failure-of.ts';
import { violations } from '../../support/invariants.ts';
import {
  damagedJournal,
  engineWithNotes,
  filesWith,
  journalNoteOf,
  openedJournal,
} from '../../support/journal.ts';
import { tempDir } from '../../support/temp-dir.ts';

const simulate = 'latency=0,reject=0%';
const OIL = 'Below an oil pressure of 1.2 bar the Corvid engine must be stopped at once.';
const WATER = 'The impeller of the pump is changed every 500 hours of work.';
const QUESTIONS = [
  'At which oil pressure must the Corvid engine be stopped?',
  'How often is the impeller of the pump changed?',
];

/** Two questions answered, each from a document of its own. */
async function answered() {
  const data = await tempDir();
  const root = join(data, 'manuals');
  await mkdir(root);
  await writeFile(join(root, 'oil.md'), `${OIL}\n`);
  await writeFile(join(root, 'water.md'), `${WATER}\n`);
  const settings = parseSettings({ data, simulate });
  const indexed = new SourceIndex(indexPath(settings), data);
  onTestFinished(() => indexed.close());
  await addSource(indexed, root);
  const { examples } = await generateSyntheticData({ questions: QUESTIONS, data, simulate });
  expect(examples).toHaveLength(2);
  const place = async () => {
    const { engine, simulated } = await openData(settings);
    onTestFinished(() => engine.close());
    return { engine, index: indexed, namespace: namespaceOf(settings, simulated), data };
  };
  const left = async () => {
    const { engine } = await place();
    const rows = await listOf(engine.store.reports.dataset({ lane: MAIN_LANE, verdict: 'approved' }));
    return rows.map(({ example }) => example.question.text);
  };
  return { data, root, index: indexed, place, left };
}

describe('forgetting a source', () => {
  it('takes its text and what cites it out of index, dataset and files, and leaves the rest', async () => {
    const { data, root, index, place, left } = await answered();
    const here = await place();
    const plan = await planForgetSource(here, 'manuals/oil.md');
    expect(plan).toMatchObject({ key: 'documents:manuals/oil.md', documents: 1, unfinished: [] });
    expect(plan.questions).toMatchObject({
      ids: [expect.any(String)],
      holdings: { questions: 1, examples: 1 },
    });
    expect(await left()).toEqual(QUESTIONS);
    expect(await forgetSource(here, plan)).toMatchObject({ questions: 1, records: 'erased' });
    expect(await left()).toEqual([QUESTIONS[1]]);
    await here.engine.close();
    const broken = await violations(data, { namespace: here.namespace });
    expect(broken.filter((each) => each.startsWith('evidence'))).toEqual([]);
    expect(await filesWith(data, OIL.slice(10, 40))).toEqual([]);
    expect(await refreshSource(index, 'manuals')).toMatchObject({ unchanged: 1, forgotten: 1 });
    const again = await generateSyntheticData({ questions: [`${QUESTIONS[0]} Tell.`], data, simulate });
    expect(again.errors).toMatchObject([{ code: 'no_evidence' }]);
    expect(await readFile(join(root, 'oil.md'), 'utf8')).toContain(OIL);
  });

  it('leaves what only saw it as it is, without its steps, and does so once', async () => {
    const { place, left } = await answered();
    const here = await place();
    const { research, questions } = here.engine.store;
    const question = questionOf();
    const saw = workOf(question, { stage: 'research' });
    await questions.accept(saw, question, undefined);
    const held = await claimed(research, saw);
    await research.appendStep(held, showing(0, 'documents:manuals/oil.md', 'documents:manuals/water.md'));
    await research.complete(held, { ...finishedWith(foundNothing), stepped: true });
    const plan = await planForgetSource(here, 'manuals/oil.md');
    // The search of the other question found it, too.
    expect(plan).toMatchObject({ seen: 2, questions: { ids: [expect.any(String)] } });
    expect(await research.steps(workIdOf(saw))).toHaveLength(1);
    await forgetSource(here, plan);
    expect(await research.steps(workIdOf(saw))).toEqual([]);
    expect((await research.find(saw))?.result).toEqual(foundNothing);
    expect(await left()).toEqual([QUESTIONS[1]]);
    expect(await planForgetSource(here, 'manuals/oil.md')).toMatchObject({ seen: 0 });
  });

  it('takes it out of what a killed process left in its journal, and leaves the rest', async () => {
    const { data, place } = await answered();
    const here = await place();
    const { research, questions } = here.engine.store;
    const journal = openedJournal({ directory: data, namespace: here.namespace });
    const left = async (...sources: readonly string[]) => {
      const question = questionOf();
      const work = workOf(question, { stage: 'research' });
      await questions.accept(work, question, undefined);
      const held = await claimed(research, work);
      const step = showing(0, ...sources);
      journal.keep({ kind: 'step', stage: 'research', ...held, step: { ...step, key: `of ${sources}` } });
      return { held, work };
    };
    await left('documents:manuals/oil.md');
    await left('documents:manuals/water.md');
    const { held } = await left('documents:manuals/tide.md');
    // What it was shown before stands in the store, and what its model said of it in the journal.
    await research.appendStep(held, showing(0, 'documents:manuals/oil.md'));
    journal.close();
    const damaged = await damagedJournal(data, here.namespace);
    const notes = ['far', 'farther'].map((host) => journalNoteOf({ id: host, host }));
    const engine = engineWithNotes(here.engine, { waiting: async () => notes });
    const plan = await planForgetSource(here, 'manuals/oil.md');
    expect(await forgetSource({ ...here, engine }, plan)).toMatchObject({
      journaled: 2,
      unerased: [
        { path: damaged },
        { path: '/data', reason: expect.stringContaining('on far,') },
        { path: '/data', reason: expect.stringContaining('on farther,') },
      ],
    });
    expect(await filesWith(data, 'of documents:manuals/oil')).toEqual([]);
    expect(await filesWith(data, 'of documents:manuals/tide')).toEqual([]);
    expect(await filesWith(data, 'of documents:manuals/water')).toHaveLength(1);
  });

  it('that nobody knows is refused, with those that are known', async () => {
    const { place } = await answered();
    const here = await place();
    for (const text of ['books', 'manuals/none.md', 'example.org', 'mcp:wiki'])
      expect((await failureOf(() => planForgetSource(here, text))).message).toBe(
        `Nothing of ${text} is indexed or quoted. Indexed are manuals.`,
      );
    for (const text of ['', '/etc/passwd'])
      expect((await failureOf(() => planForgetSource(here, text))).message).toMatch(
        /^Expected a source such as/,
      );
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'that is broken off at write %i is finished by the next call',
    async (broken) => {
      const { data, place, left } = await answered();
      const here = await place();
      const plan = await planForgetSource(here, 'manuals');
      const { evidence, forgotten } = here.engine.store;
      let write = 0;
      const breaking = <T extends object>(target: T, names: readonly string[]): T =>
        new Proxy(target, {
          get: (of, name) => {
            const member: unknown = Reflect.get(of, name);
            if (typeof member !== 'function') return member;
            return (...given: unknown[]) => {
              if (names.includes(String(name)) && write++ === broken) throw new Error('killed');
              return Reflect.apply(member, of, given);
            };
          },
        });
      const store = {
        forgotten: breaking(forgotten, ['mark', 'erase', 'finish']),
        evidence: breaking(evidence, ['forget']),
      };
      const engine = {
        ...here.engine,
        store: new Proxy(here.engine.store, {
          get: (of, name) => Reflect.get(name in store ? store : of, name),
        }),
      };
      const index = breaking(here.index, ['put', 'drop']);
      await expect(forgetSource({ ...here, engine, index }, plan)).rejects.toThrow('killed');
      const later = await place();
      const rest = await planForgetSource(later, 'manuals');
      await forgetSource(later, rest);
      expect(await left()).toEqual([]);
      expect(await later.engine.store.evidence.unfinished()).toEqual([]);
      expect(await later.engine.store.forgotten.unfinished()).toEqual([]);
      await later.engine.close();
      await here.engine.close();
      expect(await filesWith(data, WATER.slice(10, 40))).toEqual([]);
    },
  );

  it('finishes what another call of another source left half done', async () => {
    const { place, left } = await answered();
    const here = await place();
    await here.engine.store.evidence.forget('documents:manuals/oil.md');
    const plan = await planForgetSource(here, 'manuals/water.md');
    expect(plan.unfinished).toEqual(['documents:manuals/oil.md']);
    await forgetSource(here, plan);
    expect(await left()).toEqual([]);
  });
});

describe('questions whose text has gone', () => {
  it('are named by what changed, and nobody who quoted something else of the same folder', async () => {
    const { root, index, place } = await answered();
    const { engine } = await place();
    expect(await staleQuestions(engine.store.evidence, index)).toEqual([]);
    await writeFile(join(root, 'oil.md'), 'The oil pressure is another one now.\n');
    await refreshSource(index, 'manuals');
    expect(await staleQuestions(engine.store.evidence, index)).toEqual([
      { questionId: expect.any(String), lane: MAIN_LANE, sources: ['documents:manuals/oil.md'] },
    ]);
    await writeFile(join(root, 'moved.md'), `${OIL}\n`);
    await refreshSource(index, 'manuals');
    expect(await staleQuestions(engine.store.evidence, index)).toEqual([]);
  });
});

it('the checker sees a quote that does not stand in its passage, and one of a source that is forgotten', async () => {
  const { data, place } = await answered();
  const { engine, namespace } = await place();
  expect(await violations(data, { namespace })).toEqual([]);
  await engine.store.evidence.forget('documents:manuals/oil.md');
  await engine.store.evidence.finish('documents:manuals/oil.md');
  await engine.close();
  const found = await violations(data, { namespace });
  expect(found.length).toBeGreaterThan(0);
  for (const each of found) expect(each).toMatch(/quotes documents:manuals\/oil\.md, and .* is forgotten$/);
  const db = new DatabaseSync(join(data, `${namespace}.db`));
  defineFunctions(db);
  const ledger = `id >> 50 = (SELECT id FROM topics WHERE name = '${namespace}.dataset')`;
  db.exec(`UPDATE records SET packed = NULL, value = replace(CAST(coalesce(unpacked(packed), value) AS TEXT),
    '"quote":"The impeller', '"quote":"An impeller') WHERE ${ledger}`);
  db.close();
  expect(await violations(data, { namespace })).toContainEqual(
    expect.stringMatching(/^evidence: a quote of .*\.dataset:0:\d+ does not stand in its passage$/),
  );
});
