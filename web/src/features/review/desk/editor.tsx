import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Issue } from '../../../../../src/features/review/candidate-issues.ts';
import { fieldsOf, keyOf, withTexts } from './candidate-fields.ts';
import { EditedField } from './edited-field.tsx';
import { issuesAt, issuesOf, otherIssues } from './issues.ts';

/** Texts by field; the whole as JSON under no name. */
export type Draft = ReadonlyMap<string, string>;
const WHOLE = '';

type EditorProps = Readonly<{
  candidate: unknown;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** Resolves with why the candidate was refused. */
  onSave: (candidate: unknown) => Promise<Error | undefined>;
  onLeave: () => void;
}>;

/** Changes a candidate: field by field where it holds texts alone, as JSON otherwise. What is written stays on leaving. */
export function Editor({ candidate, draft, onDraft, onSave, onLeave }: EditorProps) {
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const fields = fieldsOf(candidate) ?? [
    { path: [], label: 'Candidate, as JSON', text: JSON.stringify(candidate, null, 2) },
  ];
  const save = async () => {
    const edited = editedOf(candidate, draft);
    const found = edited instanceof Error ? edited : await onSave(edited);
    if (found !== undefined) setIssues(issuesOf(found));
  };
  const general = otherIssues(
    issues,
    fields.map(({ path }) => path),
  );
  return (
    <form
      ref={form}
      class="column candidate editor"
      aria-label="Edit the candidate"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave();
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <header>
        <h3>Your revision</h3>
      </header>
      {fields.map(({ path, label, text }) => (
        <EditedField
          key={keyOf(path)}
          name={keyOf(path)}
          label={label}
          text={draft.get(keyOf(path)) ?? text}
          issues={issuesAt(issues, path)}
          onText={(written) => onDraft(new Map(draft).set(keyOf(path), written))}
        />
      ))}
      {general.length > 0 && (
        <p class="problem" role="alert">
          {general
            .map(({ path, message }) => (path.length > 0 ? `${keyOf(path)}: ${message}` : message))
            .join('; ')}
        </p>
      )}
      <div class="actions">
        <button type="submit" disabled={draft.size === 0}>
          Save as a new revision
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          Leave
        </button>
      </div>
    </form>
  );
}

/** The candidate as it was edited, or why it is none. */
function editedOf(candidate: unknown, draft: Draft): unknown {
  const whole = draft.get(WHOLE);
  if (whole === undefined) return withTexts(candidate, draft);
  try {
    return JSON.parse(whole);
  } catch (error) {
    return new Error(`This is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
