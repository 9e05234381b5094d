import { formsOf } from '../../../secret-patterns.ts';

const MAX_CHARACTERS = 500;

/** What a server wrote, fit for a message: without our secrets, without control characters, and at most 500 characters. */
export function safeText(text: string, secrets: readonly string[]): string {
  const plain = withoutSecrets(text, secrets)
    .replace(/[\p{Cc}\s\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]+/gu, ' ')
    .trim();
  return plain.length > MAX_CHARACTERS ? `${plain.slice(0, MAX_CHARACTERS - 1)}…` : plain;
}

/** The text with every occurrence of a secret made unreadable. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return formsOf(secrets).reduce((plain, secret) => plain.replaceAll(secret, '[key]'), text);
}
