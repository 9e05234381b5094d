import type { Question } from '../question.ts';
import { folded, hasUnseen } from './invisible-characters.ts';
import { markIn } from './marks.ts';

const JUDGE =
  '(?:reviewers?|judges?|graders?|evaluators?|raters?|scorers?|assessors?|examiners?|critics?|reviewing (?:model|ai|llm)|grading (?:model|ai|llm)|(?:ai|llm|model) (?:judge|grader|reviewer))';
const BEST =
  '(?:10|ten|full marks|full (?:score|points)|(?:the )?(?:highest|maximum|max|top|best|perfect|full)(?: possible)? (?:scores?|marks?|ratings?|grades?|points)|perfect)';
const ORDER = '(?:give|assign|award|rate|score|grade|mark|output|return|set|respond with|answer with|put)';

/**
 * What an example says to the one who judges it, and would not say to a reader. Each is a phrase of an order: an answer
 * about reviewers or scores has none of them as a rule.
 */
const PHRASES = [
  `\\b(?:note|notes|message|memo|instructions?|attention|reminder|hint|notice|word|dear|hello|hi|hey|to|for)\\b[ ,:]{1,3}(?:(?:to|for) )?(?:(?:all|any|the|our|your|future|every) ){0,2}${JUDGE}\\b ?[:,.!]`,
  `\\b(?:note|message|memo|instructions?|attention|reminder|notice) (?:to|for) (?:(?:all|any|the|our|your|future|every) ){0,2}${JUDGE}\\b`,
  `(?:^|[.!?\\n] ?)(?:dear )?${JUDGE} ?[:,] ?(?:please |you |this |the |do |just |now |kindly |always |must ){0,4}(?:${ORDER}|approve|accept|pass|ignore|skip)\\b`,
  `\\b${ORDER} (?:[\\w'’]+ ){0,6}?${BEST}\\b[^.!?\\n]{0,60}\\b(?:criteri(?:on|a)|scores?|every (?:aspect|category|item)|each (?:aspect|category|item)|rubric|review(?:er)?|correctness|completeness|clarity)\\b`,
  `\\b(?:all|each|every|any) (?:criteri(?:on|a)|scores?|categor(?:y|ies)|aspects?)[^.!?\\n]{0,40}\\b(?:must|should|deserves?|gets?|is|are|be|receive)\\b[^.!?\\n]{0,30}${BEST}`,
  `\\b(?:candidate|answer|example|response|text|submission|this)\\b[^.!?\\n]{0,30}\\b(?:deserves?|should (?:get|receive|be given|be rated|be scored)|must (?:get|receive|be given|be rated|be scored|be approved))\\b[^.!?\\n]{0,30}(?:${BEST}|approv)`,
  `\\b(?:ignore|disregard|forget|override) (?:[\\w'’]+ ){0,3}?(?:previous|prior|above|earlier|preceding|your|these|those) (?:[\\w'’]+ ){0,2}?(?:instructions?|rules|criteria|rubric|guidelines|prompts?|orders)\\b`,
  '\\b(?:leave|keep) (?:the )?feedback (?:field )?(?:empty|blank)\\b',
  `\\bas (?:the|a|an) ${JUDGE},? (?:you|please|your)\\b`,
  `\\byou are (?:now )?(?:the|a|an) (?:[\\w-]+ )?${JUDGE}\\b[^.!?\\n]{0,80}\\b(?:10|ten|approve|pass|score)\\b`,
  '\\b(?:already|has been|was|were) (?:checked|verified|reviewed|approved|validated) (?:by (?:a |the )?(?:human|person|expert|team|admin)[^.!?\\n]{0,40})?[^.!?\\n]{0,20}(?:so |and |, )?(?:approve|no (?:further )?review|skip (?:the )?review|give|score)\\b',
  '"(?:correctness|completeness|clarity|relevance|safety)" ?: ?\\{ ?"?(?:score|reason)',
  '\\b(?:approve|accept|pass) (?:this|the) (?:candidate|example|answer|response|submission)\\b',
  // The same orders in German, French, Spanish and Chinese.
  '\\b(?:gib|vergib|bewerte)\\b[^.!?\\n]{0,60}\\b(?:10|zehn|höchst\\w*|volle\\w*) ?(?:punkte?|note|punktzahl)\\b',
  '\\b(?:donne[zr]?|attribue[zr]?|note[zr]?|da|dale|asigna|otorga|pon)\\b[^.!?\\n]{0,60}\\b(?:10|dix|diez)\\b[^.!?\\n]{0,40}(?:crit|note|punt)',
  '(?:给|打|評|评)[^。！？\\n]{0,12}(?:10|十|满|滿)分|(?:评审|评委|審查|审查|审核)(?:员|者|人)?[:：,，]',
].map((phrase) => new RegExp(phrase, 'i'));

/** Whether a text speaks to the one who judges it. Spaces, unseen letters and look-alikes do not help it. */
export function speaksToJudge(text: string): boolean {
  const read = folded(text)
    .replace(/[ \t*_`~]+/g, ' ')
    .toLowerCase();
  return PHRASES.some((phrase) => phrase.test(read));
}

/** What of an example a person should see before it counts; nothing where it is an example like others. */
export type Suspicion = 'speaks to its judge' | 'has unseen letters' | 'has marks of chat templates';

/** The suspicions of texts that a judge has read: those of the candidate, its question and its source. */
export function suspicionsOf(texts: readonly string[]): readonly Suspicion[] {
  const found: Suspicion[] = [];
  if (texts.some(speaksToJudge)) found.push('speaks to its judge');
  if (texts.some(hasUnseen)) found.push('has unseen letters');
  if (texts.some((text) => markIn(text) !== undefined)) found.push('has marks of chat templates');
  return found;
}

/** Whether a person is to decide, where people are asked at all. Marks are what an answer about templates is made of. */
export function isGrave(suspicion: Suspicion): boolean {
  return suspicion !== 'has marks of chat templates';
}

type Judged = Readonly<{ question: Question; candidate: unknown }>;

/** The suspicions of an example: of what is trained on, and of what else its judge has read of strangers. */
export function suspicionsIn(example: Judged): readonly Suspicion[] {
  const { context, passages, reference } = example.question;
  const own = suspicionsOf(textsIn(trainedOn(example)));
  const beside = textsIn([context, passages, reference]).some(speaksToJudge);
  return beside && !own.includes('speaks to its judge') ? ['speaks to its judge', ...own] : own;
}

/**
 * Whether the texts that are trained on hold marks or letters that a trainer takes for something else.
 * @param beside what else of the question stands in its line.
 */
export function hasMarks(example: Judged, beside: readonly unknown[] = []): boolean {
  return textsIn([trainedOn(example), beside]).some((text) => hasUnseen(text) || markIn(text) !== undefined);
}

/** The candidate, and what of its question stands in its line. */
function trainedOn({ question, candidate }: Judged): readonly unknown[] {
  const { text, system, tools, history } = question;
  return [candidate, text, system, tools, history];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
