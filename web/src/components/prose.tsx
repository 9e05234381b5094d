import type { JSX } from 'preact';

/** Any result for people: texts as paragraphs, lists as lists, names as headings. */
export function Prose({ value }: Readonly<{ value: unknown }>): JSX.Element {
  if (typeof value === 'string') return <p class="prose">{value}</p>;
  if (Array.isArray(value))
    return (
      <ul>
        {value.map((each, index) => (
          <li key={index}>{typeof each === 'string' ? each : <Prose value={each} />}</li>
        ))}
      </ul>
    );
  if (typeof value !== 'object' || value === null) return <p>{String(value)}</p>;
  const parts = Object.entries(value).filter(([, part]) => !isEmpty(part));
  return (
    <>
      {parts.map(([name, part]) => (
        <div key={name} class="named">
          <h4>{spoken(name)}</h4>
          <Prose value={part} />
        </div>
      ))}
    </>
  );
}

function isEmpty(part: unknown): boolean {
  return part === '' || part === null || (Array.isArray(part) && part.length === 0);
}

/** `keyPoints` as people write it. */
function spoken(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}
