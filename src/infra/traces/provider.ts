/** `gen_ai.provider.name` of well-known servers, by the end of their host's name. */
const PROVIDERS: readonly (readonly [host: string, provider: string])[] = [
  ['openai.azure.com', 'azure.ai.openai'],
  ['anthropic.com', 'anthropic'],
  ['groq.com', 'groq'],
  ['mistral.ai', 'mistral_ai'],
  ['deepseek.com', 'deepseek'],
  ['perplexity.ai', 'perplexity'],
  ['cohere.com', 'cohere'],
  ['x.ai', 'x_ai'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
];

/** Whose API it is. A server that only speaks OpenAI's API counts as OpenAI, as the conventions want it. */
export function providerOf(host: string | undefined): string {
  const found = PROVIDERS.find(([name]) => host === name || host?.endsWith(`.${name}`) === true);
  return found?.[1] ?? 'openai';
}
