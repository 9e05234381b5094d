import { z } from 'zod';

export const typesSchema = z.object({
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
export type TypeList = Readonly<z.output<typeof typesSchema>>;
