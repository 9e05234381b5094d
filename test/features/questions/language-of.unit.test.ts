import { expect, it } from 'vitest';
import { languageOf } from '../../../src/features/questions/language-of.ts';

it.each([
  ['What is a buffer solution?', 'English'],
  ['Explain WAL in Postgres.', 'English'],
  ['Warum ist der Himmel blau?', 'German'],
  ['Wie setze ich mein Passwort zurück?', 'German'],
  ['Pourquoi le ciel est-il bleu ?', 'French'],
  ['¿Por qué el cielo es azul?', 'Spanish'],
  ['Perché il cielo è blu?', 'Italian'],
  ['Por que o céu é azul?', 'Portuguese'],
  ['Waarom is de lucht blauw? Wat is het?', 'Dutch'],
  ['Dlaczego niebo jest niebieskie?', 'Polish'],
  ['Почему небо голубое? Это вопрос.', 'Russian'],
  ['Чому небо блакитне і що це?', 'Ukrainian'],
  ['空はなぜ青いのですか', 'Japanese'],
  ['天空为什么是蓝色的', 'Chinese'],
  ['하늘은 왜 파란가요', 'Korean'],
  ['لماذا السماء زرقاء', 'Arabic'],
  ['Γιατί ο ουρανός είναι μπλε;', 'Greek'],
  ['Why does München use WAL? 天', 'English'],
])('%s is told as %s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});

it.each([[''], ['42 + 17'], ['SELECT'], ['x²']])('of %j nothing is told', (text) => {
  expect(languageOf(text)).toBeUndefined();
});
