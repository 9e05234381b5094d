import { z } from 'zod';
import { hubLicence } from './hub.ts';
import { hubFileOf } from './hub-address.ts';

/** Where questions come from that somebody published: a data set on the Hub at a commit, and its licence there. */
export const originSchema = z.object({ dataset: z.string(), commit: z.string(), license: z.string() });
export type Origin = Readonly<z.output<typeof originSchema>>;

/** What of the inputs stands on the Hub, each data set once. Throws as `hubFiles` does. */
export async function originsOf(sources: readonly string[]): Promise<readonly Origin[]> {
  const files = sources.flatMap((source) => hubFileOf(source) ?? []);
  const sets = new Map(files.map((file) => [`${file.repository}@${file.commit}`, file]));
  return Promise.all(
    [...sets.values()].map(async ({ repository, commit }) => ({
      ...{ dataset: repository, commit },
      license: await hubLicence(repository, commit),
    })),
  );
}
