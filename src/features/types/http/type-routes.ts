import { z } from 'zod';
import type { Route } from '../../../infra/http/route.ts';
import { columnNamesOf } from '../../../stages/formats/columns.ts';
import { trainingTypeSlot } from '../../../stages/training-types/index.ts';
import type { AnyTrainingType } from '../../../stages/training-types/training-type.ts';
import { usualFormatOf } from '../../dataset/default-format.ts';
import { type TypeList, typesSchema } from './schemas.ts';

/** GET /v1/types: the training types that this process knows. Which file one stands in is nobody's business here. */
export const typesRoute: Route = {
  method: 'GET',
  path: '/v1/types',
  summary: 'The training types that a question may have: what is written, and what a row of it holds.',
  replies: { 200: { description: 'All types, ours first.', schema: typesSchema } },
  answer: async (): Promise<TypeList> => ({ types: [...trainingTypeSlot.parts.values()].map(listed) }),
};

function listed(type: AnyTrainingType): TypeList['types'][number] {
  const { $schema: _, ...candidate } = z.toJSONSchema(type.candidate, { target: 'draft-7', io: 'output' });
  return {
    ...{ name: type.name, description: saidOf(type) },
    from: trainingTypeSlot.sourceOf(type.name)?.name ?? '',
    ...{ candidate, columns: columnNamesOf(type), format: usualFormatOf(type.name) },
  };
}

/** What stands for a description that nobody wrote names the file. */
function saidOf({ description, definition }: AnyTrainingType): string {
  if (definition === undefined) return description;
  const said = definition['description'];
  return typeof said === 'string' ? said : '';
}
