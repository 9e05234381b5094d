import type { Document } from 'mongodb';
import type { Page, Table, Tally } from '../../../../stages/store/table/table.ts';
import { allOf, beyond, filterOf, pathNamed } from './filter.ts';
import { pathsOf } from './paths.ts';

export function pageOf(table: Table, { where, order = [], reverse = false, after, limit }: Page): Document[] {
  const paths = pathsOf(table);
  const by = order.map((field) => pathNamed(paths, field));
  const filters = [filterOf(table, where), ...(after === undefined ? [] : [beyond(by, reverse, after)])];
  const computed = [...paths].flatMap(([field, path]) => (path.computed ? [[field, path.computed]] : []));
  return [
    { $match: allOf(filters) },
    ...(by.length === 0
      ? []
      : [{ $sort: Object.fromEntries(by.map(({ path }) => [path, reverse ? -1 : 1])) }]),
    ...(limit === undefined ? [] : [{ $limit: limit }]),
    ...(computed.length === 0 ? [] : [{ $set: Object.fromEntries(computed) }]),
    { $project: Object.fromEntries([...paths.values()].map(({ path }) => [path.split('.', 1)[0], 1])) },
  ];
}

/** The pipeline that counts groups: their fields stand in `_id`. */
export function tallyOf(table: Table, { where, by, sums = [], ...bounds }: Tally): Document[] {
  const paths = pathsOf(table);
  const said = (field: string) => {
    const { path, computed } = pathNamed(paths, field);
    return computed ?? `$${path}`;
  };
  const summed = sums.map((field) => [field, { $sum: said(field) }]);
  const bounded = Object.entries(bounds).map(([how, field]) => [how, { [`$${how}`]: said(field) }]);
  const _id = Object.fromEntries(by.map((field) => [field, said(field)]));
  const group = { _id, count: { $sum: 1 }, ...Object.fromEntries([...summed, ...bounded]) };
  return [{ $match: filterOf(table, where) }, { $group: group }];
}
