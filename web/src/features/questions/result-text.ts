/** Any result as text for people: names over their texts, lists as lines. */
export function resultText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => `• ${resultText(each)}`).join('\n');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, part]) => part !== '' && !(Array.isArray(part) && part.length === 0))
    .map(([name, part]) => `${name}\n${resultText(part)}`)
    .join('\n\n');
}
