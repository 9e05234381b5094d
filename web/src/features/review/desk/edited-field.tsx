import type { Issue } from '../../../../../src/features/review/candidate-issues.ts';

const LEAST_ROWS = 3;
const MOST_ROWS = 24;
const CHARACTERS_A_ROW = 60;

type EditedFieldProps = Readonly<{
  name: string;
  label: string;
  text: string;
  issues: readonly Issue[];
  onText: (text: string) => void;
}>;

/** One text of a candidate under change, and what the server says against it. */
export function EditedField({ name, label, text, issues, onText }: EditedFieldProps) {
  const complaint = `issues-${name}`;
  return (
    <div class="edited">
      <label>
        {label}
        <textarea
          rows={rowsFor(text)}
          value={text}
          aria-invalid={issues.length > 0}
          aria-describedby={issues.length > 0 ? complaint : undefined}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </label>
      {issues.length > 0 && (
        <p id={complaint} class="problem" role="alert">
          {issues.map(({ message }) => message).join('; ')}
        </p>
      )}
    </div>
  );
}

function rowsFor(text: string): number {
  const rows = text
    .split('\n')
    .reduce((sum, line) => sum + 1 + Math.floor(line.length / CHARACTERS_A_ROW), 0);
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, rows));
}
