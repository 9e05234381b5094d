import { type Brought as BroughtText, broughtCandidateOf } from '../../../stages/training-types/brought.ts';
import { loadCallChecks } from '../../../stages/training-types/called-tools.ts';
import { trainingTypes } from '../../../stages/training-types/index.ts';
import { badEntry, type TextEntry } from '../entry-text.ts';
import type { InputEntry, InputOptions, RowAnswers } from '../input-entry.ts';

/** Pairs are of this type, where the row names none that is made of two answers. */
const OF_PAIRS = 'dpo';

const LONGEST_NAME = 200;

/**
 * Loads what tools and brought calls of them are held against: where answers are to be judged, or the usual type has calls. Until it
 * resolves none is.
 */
export async function loadChecksFor(from: InputOptions['from'], trainingType: string): Promise<void> {
  if (from === 'answer' || from === 'pair' || isOfCalls(trainingType)) await loadCallChecks();
}

/** The same for a row that names a type that has calls itself: to be awaited before it is read. */
export async function loadChecksNamedIn(row: unknown): Promise<void> {
  if (namesCalls(row)) await loadCallChecks();
}

function namesCalls(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  return Object.values(row).some(
    (value) => typeof value === 'string' && value.length <= LONGEST_NAME && isOfCalls(value.trim()),
  );
}

function isOfCalls(name: string): boolean {
  return trainingTypes.get(name)?.calls !== undefined;
}

/** The entry with its answer as one that is to be judged, where that is what it is for; or why there is none. */
export function withGiven(
  entry: TextEntry,
  read: InputEntry,
  { from, research }: Pick<InputOptions, 'from' | 'research'>,
): InputEntry {
  if (read.kind === 'bad' || from === undefined || from === 'question') return read;
  const { brought, metadata: told = {}, ...asked } = read;
  if (brought === undefined || (from === 'pair' && brought.kind !== 'pair'))
    return badEntry(entry, missing(from));
  const made = broughtCandidateOf(asked.question, wanted(brought, from), { ofPairs: OF_PAIRS, research });
  if (typeof made === 'string') return badEntry(entry, made);
  const question = { ...asked.question, ...made };
  const { answer: _, chosen: _chosen, rejected: _rejected, ...metadata } = told;
  return { ...asked, question, ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}

/** Of a pair the chosen answer is the one to judge, where a single one is wanted. */
function wanted(brought: RowAnswers, from: 'answer' | 'pair'): BroughtText {
  return brought.kind === 'pair' && from === 'answer' ? { kind: 'answer', answer: brought.chosen } : brought;
}

function missing(from: 'answer' | 'pair'): string {
  return from === 'answer'
    ? 'expected an answer to judge, came none (--from question asks it)'
    : 'expected a chosen and a rejected answer, came no pair (--from answer judges single ones)';
}
