import { useState } from 'preact/hooks';
import type { ReviewItem } from '../../../../../src/features/review/http/schemas.ts';
import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { ProblemNotice } from '../../../components/problem.tsx';
import { AllDone } from './all-done.tsx';
import { CandidateColumn } from './candidate-column.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { type Draft, Editor } from './editor.tsx';
import { ItemView } from './item-view.tsx';
import { KeysHelp } from './keys-help.tsx';
import { QueueList } from './queue-list.tsx';
import { RejectForm } from './reject-form.tsx';
import { useDesk } from './use-desk.ts';
import { useKeys } from './use-keys.ts';
import { WhyFilter } from './why-filter.tsx';

type Form = 'none' | 'reject' | 'edit' | 'help';
type DeskProps = Readonly<{ reviewer: string; why: Why | undefined }>;
const NO_DRAFT: Draft = new Map();
const KEYS_OFF = 'millrace-keys-off';

/** The desk: the queue, one candidate with all that a decision needs, and the decision. */
export function DeskView({ reviewer, why }: DeskProps) {
  const desk = useDesk(reviewer, why);
  const [form, setForm] = useState<Form>('none');
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const [keysOn, setKeysOn] = useState(() => localStorage.getItem(KEYS_OFF) === null);
  const { seat, queue } = desk;
  const item = seat.kind === 'at' ? seat.claimed.item : undefined;
  const name = item === undefined ? '' : nameOf(item);
  const [formOf, setFormOf] = useState(name);
  if (formOf !== name) {
    setFormOf(name);
    if (form !== 'help') setForm('none');
  }
  const show = (wanted: Form) => () => (item !== undefined || wanted === 'help') && setForm(wanted);
  const approve = () => void desk.decide({ verdict: 'approve' });
  useKeys(
    {
      a: approve,
      r: show('reject'),
      e: show('edit'),
      j: () => desk.step(1),
      k: () => desk.step(-1),
      u: desk.undo,
      '?': show('help'),
    },
    keysOn && form === 'none',
  );
  return (
    <div class="desk">
      <aside aria-label="Queue">
        <WhyFilter chosen={why} waiting={queue.waiting} />
        <QueueList queue={queue} why={why} current={item} reviewer={reviewer} onOpen={desk.open} />
      </aside>
      <div class="seat">
        {seat.kind === 'failed' && (
          <>
            <ProblemNotice error={seat.error} />
            <button type="button" onClick={desk.look}>
              Try again
            </button>
          </>
        )}
        {seat.kind === 'empty' && (
          <AllDone decided={desk.decided} why={why} queue={queue} onLook={desk.look} />
        )}
        {item !== undefined && (
          <ItemView item={item} settled={form === 'none'}>
            {form === 'edit' ? (
              <Editor
                candidate={item.candidate}
                draft={drafts[name] ?? NO_DRAFT}
                onDraft={(draft) => setDrafts({ ...drafts, [name]: draft })}
                onSave={(candidate) => desk.decide({ verdict: 'edit', candidate })}
                onLeave={show('none')}
              />
            ) : (
              <CandidateColumn item={item} />
            )}
          </ItemView>
        )}
        <div class="bottom">
          {form === 'reject' && item !== undefined && (
            <RejectForm
              item={item}
              onReject={(reason) => void desk.decide({ verdict: 'reject', reason })}
              onLeave={show('none')}
            />
          )}
          <DecisionBar
            notice={desk.notice}
            disabled={item === undefined}
            onApprove={approve}
            onReject={show('reject')}
            onEdit={show('edit')}
            onUndo={desk.undo}
            onHelp={show('help')}
          />
        </div>
      </div>
      {form === 'help' && (
        <KeysHelp
          on={keysOn}
          onSwitch={(on) => {
            setKeysOn(on);
            if (on) localStorage.removeItem(KEYS_OFF);
            else localStorage.setItem(KEYS_OFF, 'yes');
          }}
          onClose={() => setForm('none')}
        />
      )}
    </div>
  );
}

function nameOf({ lane, questionId, revision }: ReviewItem): string {
  return `${lane}/${questionId}/${revision}`;
}
