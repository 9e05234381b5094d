import type { HoldReason as Why } from '../../../../../src/stages/store/review-queue-repository.ts';
import { amount } from '../../../format.ts';
import { hrefOf } from '../../../router.ts';
import { WHY_WORDS, WHYS } from '../why.ts';

type WhyFilterProps = Readonly<{ chosen: Why | undefined; waiting: number }>;

/** How many wait, and for what reason they should. */
export function WhyFilter({ chosen, waiting }: WhyFilterProps) {
  return (
    <nav class="whys" aria-label="Why they wait">
      <p>
        <b>{amount(waiting)}</b> {waiting === 1 ? 'waits' : 'wait'} for a person
      </p>
      <a class="chip" href={hrefOf(['review'])} aria-current={chosen === undefined}>
        all
      </a>
      {WHYS.map((why) => (
        <a
          key={why}
          class="chip"
          href={hrefOf(['review'], { why })}
          title={WHY_WORDS[why].long}
          aria-current={chosen === why}
        >
          {WHY_WORDS[why].short}
        </a>
      ))}
    </nav>
  );
}
