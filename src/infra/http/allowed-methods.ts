import type { Route } from './route.ts';

type Place = Readonly<{ path: RegExp; methods: ReadonlySet<string> }>;

/** Which methods a path takes, for those who come with another one: RFC 9110, 15.5.6. */
export class AllowedMethods {
  readonly #places: readonly Place[];

  constructor(routes: readonly Pick<Route, 'method' | 'path'>[]) {
    const byPath = Map.groupBy(routes, ({ path }) => path);
    this.#places = [...byPath].map(([path, each]) => ({
      path: patternOf(path),
      methods: new Set(each.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
    }));
  }

  /** As `Allow` wants them; `undefined` where there is nothing at all. */
  at(url: string): string | undefined {
    const [asked = ''] = url.split('?', 1);
    const found = this.#places.filter(({ path }) => path.test(asked));
    if (found.length === 0) return undefined;
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].join(', ');
  }
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')));
  return new RegExp(`^${parts.join('/')}$`);
}
