import type { ComponentChildren } from 'preact';

type DecisionBarProps = Readonly<{
  notice: string;
  disabled: boolean;
  onApprove: () => void;
  onReject: () => void;
  onEdit: () => void;
  onUndo: () => void;
  onHelp: () => void;
}>;

/** What can be decided, always in reach; the key of each stands on it. */
export function DecisionBar(props: DecisionBarProps) {
  const { notice, disabled, onApprove, onReject, onEdit, onUndo, onHelp } = props;
  return (
    <div class="decision-bar">
      <div class="actions">
        <Action name="a" kind="good" disabled={disabled} onPress={onApprove}>
          Approve
        </Action>
        <Action name="r" kind="bad" disabled={disabled} onPress={onReject}>
          Reject…
        </Action>
        <Action name="e" kind="plain" disabled={disabled} onPress={onEdit}>
          Edit
        </Action>
      </div>
      <p class="notice" role="status">
        {notice}
      </p>
      <div class="actions">
        <Action name="u" kind="quiet" disabled={false} onPress={onUndo}>
          Undo
        </Action>
        <Action name="?" kind="quiet for-keys" disabled={false} onPress={onHelp}>
          Keys
        </Action>
      </div>
    </div>
  );
}

type ActionProps = Readonly<{
  name: string;
  kind: string;
  disabled: boolean;
  onPress: () => void;
  children: ComponentChildren;
}>;

function Action({ name, kind, disabled, onPress, children }: ActionProps) {
  return (
    <button type="button" class={kind} disabled={disabled} onClick={onPress} aria-keyshortcuts={name}>
      {children} <kbd>{name}</kbd>
    </button>
  );
}
