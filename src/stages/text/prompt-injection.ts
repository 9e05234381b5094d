import { folded } from './invisible-characters.ts';

const JUDGE =
  '(?:reviewers?|judges?|graders?|evaluators?|raters?|scorers?|assessors?|examiners?|critics?|reviewing (?:model|ai|llm)|grading (?:model|ai|llm)|(?:ai|llm|model) (?:judge|grader|reviewer))';
const BEST =
  '(?:10|ten|full marks|full (?:score|points)|(?:the )?(?:highest|maximum|max|top|best|perfect|full)(?: possible)? (?:scores?|marks?|ratings?|grades?|points)|perfect)';
const ORDER = '(?:give|assign|award|rate|score|grade|mark|output|return|set|respond with|answer with|put)';

/**
 * What a text says to its judge and would not say to a reader. Each phrase is an order: an answer that is merely about
 * reviewers or scores has none of them as a rule.
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

/** Whether a text tries to instruct the judge that reads it. Extra spaces, invisible letters and look-alikes do not hide it. */
export function instructsJudge(text: string): boolean {
  const read = folded(text)
    .replace(/[ \t*_`~]+/g, ' ')
    .toLowerCase();
  return PHRASES.some((phrase) => phrase.test(read));
}
