import type { Story } from '../../../src/features/questions/http/story-schemas.ts';
import { visible } from './visible.ts';

/** What the askers of a question know it by: their own ids and fields. */
export function UserReferenceLines({ known }: Readonly<{ known: Story['askedAs'] }>) {
  return known.map(({ id, metadata }) => (
    <p key={JSON.stringify([id, metadata])} class="faint asked-as">
      {id !== undefined && (
        <>
          yours: <code>{visible(id)}</code>{' '}
        </>
      )}
      {metadata !== undefined && <code>{visible(JSON.stringify(metadata))}</code>}
    </p>
  ));
}
