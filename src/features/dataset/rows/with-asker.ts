import type { ExportedExample } from '../../../infra/export/dataset-file.ts';
import type { DatasetRow } from '../../../stages/store/store.ts';

/** A row of the store, which knows who asked: nobody who said so is known as that. */
export function withAsker({ example, submission }: DatasetRow): ExportedExample {
  return { example, submission: submission ?? {} };
}
