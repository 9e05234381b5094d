import { useEffect } from 'preact/hooks';
import type { ClaimedItem } from '../../../../../src/features/review/http/schemas.ts';
import { claim, release } from '../desk-api.ts';

/** Renewed so often within its time that one lost request does no harm. */
const RENEWALS = 3;

/**
 * Keeps a claim while its item is looked at, and gives it back when the page goes away. `onLost` is told when another
 * reviewer has it meanwhile.
 */
export function useClaim(claimed: ClaimedItem | undefined, reviewer: string, onLost: () => void): void {
  useEffect(() => {
    if (claimed === undefined) return;
    const renew = () => {
      if (document.hidden) return;
      claim(claimed.item, reviewer).then(
        (renewed) => renewed === undefined && onLost(),
        () => undefined,
      );
    };
    const leave = () => release(claimed, reviewer);
    const timer = setInterval(renew, claimed.claim.forMs / RENEWALS);
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', renew);
    };
  }, [claimed, reviewer]);
}
