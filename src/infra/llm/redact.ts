const MAX_CHARACTERS = 500;

/** What a server wrote, fit for a message: without our key, without control characters, and at most 500 characters. */
export function safeText(text: string, apiKey: string | undefined): string {
  const plain = withoutKey(text, apiKey)
    .replace(/[\p{Cc}\s\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+/gu, ' ')
    .trim();
  return plain.length > MAX_CHARACTERS ? `${plain.slice(0, MAX_CHARACTERS - 1)}…` : plain;
}

/** The text with every occurrence of the key made unreadable. */
export function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey === undefined || apiKey === '' ? text : text.replaceAll(apiKey, '[key]');
}
