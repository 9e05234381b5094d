import { z } from 'zod';
import type { Route } from '../../../infra/http/route.ts';
import { columnNamesOf } from '../../../stages/formats/columns.ts';
import { trainingTypeSlot } from '../../../stages/training-types/index.ts';
import type { AnyTrainingType } from '../../../stages/training-types/training-type.ts';
import { usualFormatOf } from '../../dataset/default-format.ts';

const typesSchema = z.object({
  types: z
    .array(
      z.object({
        name: z.string().describe('What `trainingType` of a question may be.'),
        description: z.string().describe('Empty where nobody wrote one.'),
        from: z
          .string()
          .describe('Who brought it: `millrace`, the name of a plugin, or `types`, where it is data.'),
        candidate: z
          .record(z.string(), z.unknown())
          .describe('The JSON schema of what the model writes, where the user turn is verbatim.'),
        columns: z
          .array(z.string())
          .readonly()
          .describe(
            'Of a row in the format `columns`; where the code of a type names them, of what it writes.',
          ),
        format: z.string().describe('That of a dataset of this type alone, where nobody chose one.'),
      }),
    )
    .readonly(),
});
type TypeList = Readonly<z.output<typeof typesSchema>>;

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
