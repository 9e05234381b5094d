import { HttpProblem } from '../../../infra/http/problem.ts';
import type { Route } from '../../../infra/http/route.ts';
import { PAGE_NOT_BUILT } from '../page-directory.ts';

/** Stands in for the page in a checkout where it was not built. */
export const noPageRoute: Route = {
  method: 'GET',
  path: '/',
  summary: 'The page.',
  open: true,
  hidden: true,
  replies: {},
  answer: () => {
    throw new HttpProblem(404, 'no_page', `${PAGE_NOT_BUILT} The API is at /v1.`);
  },
};
