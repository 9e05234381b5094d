import { parsed, type Route } from '../../../infra/http/route.ts';
import type { VersionRepository } from '../../../stages/dataset/dataset-version.ts';
import { unknownVersion } from './unknown-version.ts';
import { manifestReplySchema, versionOf, versionParamsSchema, versionsSchema } from './version-schemas.ts';

type Versions = Pick<VersionRepository, 'get' | 'list'>;

/** What versions of the dataset there are. They are made by `millrace export --as-version`. */
export function versionRoutes(versions: Versions): readonly Route[] {
  return [versionsRoute(versions), versionRoute(versions)];
}

/** GET /v1/dataset/versions. */
function versionsRoute(versions: Versions): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/versions',
    summary: 'Every version of the dataset, the oldest first: when, of what, how much, its files.',
    replies: { 200: { description: 'All versions.', schema: versionsSchema } },
    answer: async () => ({ versions: (await versions.list()).map(versionOf) }),
  };
}

/** GET /v1/dataset/versions/:name. */
function versionRoute(versions: Versions): Route {
  return {
    method: 'GET',
    path: '/v1/dataset/versions/:name',
    summary: 'The manifest of a version: offsets of the ledger, counts, hashes, recipes, cost.',
    params: versionParamsSchema,
    replies: {
      200: { description: 'The manifest, as it was when the version was made.', schema: manifestReplySchema },
      404: { description: 'There is no such version; `known` names all.' },
    },
    answer: async (request) => {
      const { name } = parsed(versionParamsSchema, request.params, 'path');
      const manifest = await versions.get(name);
      if (manifest === undefined) throw await unknownVersion(name, versions);
      return manifest;
    },
  };
}
