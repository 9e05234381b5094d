const TURN = /^turn\/(\d+)$/;
const LOOK_UP = /^result\/turn\/(\d+)\/(\d+)$/;
const FOR_UNABLE = /^result\/search\/\d+\/(\d+)$/;
const SEARCH = /^search\/(\d+)$/;

/** A step as people say it: `search`, `turn 1`, `look-up 2 of turn 1`. A key of any other shape stands for itself. */
export function stepLabel(key: string): string {
  const turn = TURN.exec(key);
  if (turn !== null) return `turn ${ordinal(turn[1])}`;
  const lookUp = LOOK_UP.exec(key);
  if (lookUp !== null) return `look-up ${ordinal(lookUp[2])} of turn ${ordinal(lookUp[1])}`;
  const forUnable = FOR_UNABLE.exec(key);
  if (forUnable !== null) return `look-up ${ordinal(forUnable[1])} in the model’s place`;
  const search = SEARCH.exec(key);
  if (search === null) return key;
  return search[1] === '0' ? 'search' : `search after redrive ${search[1]}`;
}

/** People count from 1. */
function ordinal(index = '0'): number {
  return Number(index) + 1;
}
