import type { History, NamedQuestion, Reports } from '../../stages/store/store.ts';

/**
 * What a person means by an id: the question that its asker gave just this one, else those whose own id begins so, else those to whom
 * their askers gave an id that begins so. Empty where there is none.
 */
export async function historiesById(
  reports: Pick<Reports, 'histories' | 'namedBy'>,
  id: string,
): Promise<readonly History[]> {
  const named = await reports.namedBy(id);
  const exactly = named.filter(({ userId }) => userId === id);
  if (exactly.length > 0) return historiesOf(reports, exactly);
  const own = await reports.histories(id.toLowerCase());
  return own.length > 0 ? own : historiesOf(reports, named);
}

async function historiesOf(
  reports: Pick<Reports, 'histories'>,
  named: readonly NamedQuestion[],
): Promise<readonly History[]> {
  const ids = new Set(named.map(({ questionId }) => questionId));
  return (await Promise.all([...ids].map((each) => reports.histories(each)))).flat();
}
