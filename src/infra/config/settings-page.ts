import { z } from 'zod';
import { variableOf } from './environment.ts';
import { flagNames } from './flags/setting-flags.ts';
import { settingsSchema } from './settings.ts';

const schemaShape = z.object({
  properties: z.record(
    z.string(),
    z.looseObject({ default: z.unknown().optional(), description: z.string() }),
  ),
});

const HEAD = `# Configuration

A setting is taken from its flag, else from its variable, else from \`millrace.config.ts\`, \`.js\`, \`.json\` (with comments, if you like),
\`.yaml\` or \`.yml\` in the working directory (or \`--config FILE\`, or the variable \`MILLRACE_CONFIG\`), else it has its default. Structured settings are
JSON in a variable. A bad value stops the start and says what was expected.

A settings file in the working directory may be somebody else's. If it is code, or names a server, a variable that is no known key of a
model server, or a place outside of the folder, it counts once you have allowed it: \`millrace config allow\`. Changed, it has to be
allowed again. A file that you name yourself counts at once. A line on standard error says which file was used.

Keys of model servers are never settings: they stand in \`OPENAI_API_KEY\`, or in the variable that \`apiKeyVariable\` names, or a
function brings them (\`apiKey\`).

This page is made from the schema by \`npm run docs\`.

| setting | flag | variable | default | meaning |
| --- | --- | --- | --- | --- |
`;

const TAIL = `
An agent (\`research\`, \`generation\`, \`review\`) may have its own \`model\`, \`baseUrl\`, \`apiKeyVariable\`, \`apiKey\`, \`temperature\`,
\`seed\`, \`maxOutputTokens\`, \`timeoutMs\`, \`extraBody\`, \`requestsPerMinute\` and \`tokensPerMinute\` under \`agents\`:

\`\`\`yaml
# millrace.config.yaml
batchSize: 20
minScore: 8
agents:
  research: { model: gpt-4o }
  review: { model: qwen3:8b, baseUrl: http://localhost:11434/v1, temperature: 0 }
\`\`\`

A shadow judge under \`shadows\` may have the same, and \`prompts\` (a directory), \`minScore\`, \`share\` (\`10%\` of the
candidates; all), \`batchSize\` (as the reviewer) and \`ask\` (whether what it sees otherwise goes to the review desk; \`true\`):

\`\`\`yaml
shadows:
  strict: { model: gpt-4o, minScore: 8, share: 10% }
\`\`\`
`;

/** The reference page of all settings, in Markdown. */
export function settingsPage(): string {
  const { properties } = schemaShape.parse(
    z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }),
  );
  const rows = Object.entries(properties).map(([name, { default: usual, description }]) => {
    const flag = flagNames.has(name) ? `\`${flagNames.get(name)}\`` : '';
    const shown =
      usual === undefined || usual === ''
        ? ''
        : `\`${typeof usual === 'string' ? usual : JSON.stringify(usual)}\``;
    return `| \`${name}\` | ${flag} | \`${variableOf(name)}\` | ${shown} | ${description} |`;
  });
  return `${HEAD}${rows.join('\n')}\n${TAIL}`;
}
