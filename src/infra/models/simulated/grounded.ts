import type { ChatMessage } from '../../../stages/agent/chat-model.ts';

const PIECE = /<piece(?:-[0-9a-f]{8})? id="(E\d+)"[^>]*>\n([\s\S]*?)\n<\/piece(?:-[0-9a-f]{8})?>/g;
/** With what every text begins that was invented for a rehearsal. */
const INVENTED = '[simulated]';
const WORD = /[\p{L}\p{N}]{4,}/gu;
/** A question is covered where so many of its rare words stand in the pieces. */
const ENOUGH_WORDS = 2;
const MOST_QUOTES = 3;
const MOST_QUOTE_CHARACTERS = 300;
const LEAST_QUOTE_CHARACTERS = 20;

/** Words that questions are made of, whatever they ask. */
const COMMON: ReadonlySet<string> = new Set(
  `about after also because been before being between both could does doing down during each else ever every from have having
   here into just kind know like long made make many more most much must name need only other over part same shall should show
   some such take tell than that their them then there these they thing this those through under until upon used using very want
   well were what when where which while whom whose will with would your explain describe happen happens mean means often usually`.split(
    /\s+/,
  ),
);

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

type Shown = Readonly<{ id: string; text: string }>;
type Quote = Shown & Readonly<{ words: number }>;

/**
 * What a simulated researcher answers who was shown pieces: key points with real quotes, of the sentences that share most words with
 * the question. It says that a question is not covered where fewer than two of its rare words stand in the pieces; what a rehearsal
 * invented was made for the question, and is quoted whatever it says. Its own words say that they are simulated.
 */
export function simulatedGrounded(messages: readonly ChatMessage[], question: string): unknown {
  const { real: pieces = [], invented = [] } = Object.groupBy(piecesIn(messages), ({ text }) =>
    text.startsWith(INVENTED) ? 'invented' : 'real',
  );
  const wanted = rareWords(question);
  const held = new Set(pieces.flatMap(({ text }) => rareWords(text)));
  const covered = wanted.filter((word) => held.has(word));
  const found = covered.length < ENOUGH_WORDS ? [] : bestQuotes(pieces, new Set(covered));
  const quotes = [...found, ...invented.map(startOf)].slice(0, MOST_QUOTES);
  const say = (text: string) => `${INVENTED} ${text} for: ${question.replace(/\s+/g, ' ').slice(0, 60)}`;
  if (quotes.length === 0)
    return { summary: say('the pieces do not answer'), keyPoints: [], caveats: [], coverage: 'none' };
  return {
    summary: say('summary'),
    keyPoints: quotes.map(({ id, text }, index) => ({
      point: say(`key point ${index + 1}`),
      evidence: [{ id, quote: text }],
    })),
    caveats: [say('caveat')],
    coverage: covered.length === wanted.length ? 'full' : 'partial',
  };
}

function startOf({ id, text }: Shown): Shown {
  return { id, text: text.slice(0, MOST_QUOTE_CHARACTERS).toWellFormed() };
}

/** Of what was asked first, and of what look-ups brought. */
function piecesIn(messages: readonly ChatMessage[]): readonly Shown[] {
  const asked = messages.find(({ role, content }) => role === 'user' && content.includes('<piece'));
  const shown = [asked, ...messages.filter(({ role }) => role === 'tool')].flatMap(
    (each) => each?.content ?? [],
  );
  return shown.flatMap((content) =>
    Array.from(content.matchAll(PIECE), ([, id = '', text = '']) => ({ id, text })),
  );
}

/** Words that say what a text is about, each once. */
export function rareWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(WORD) ?? [];
  return [...new Set(words)].filter((word) => !COMMON.has(word));
}

function bestQuotes(pieces: readonly Shown[], wanted: ReadonlySet<string>): readonly Quote[] {
  const all = pieces.flatMap(({ id, text }) =>
    Array.from(sentences.segment(text), ({ segment }) => {
      const quote = segment.trim().slice(0, MOST_QUOTE_CHARACTERS).toWellFormed();
      return { id, text: quote, words: rareWords(quote).filter((word) => wanted.has(word)).length };
    }),
  );
  return all
    .filter(({ text, words }) => words > 0 && text.length >= LEAST_QUOTE_CHARACTERS)
    .sort((one, other) => other.words - one.words)
    .slice(0, MOST_QUOTES);
}
