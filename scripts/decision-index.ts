import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../docs/decisions', import.meta.url));
const FILE = /^\d{4}-.+\.md$/;
const TITLE = /^# (?<number>\d{4}) (?<title>.+)$/m;
const STATUS = /^\**Status[.:]\**:? *(?<status>.+)$/m;

const HEAD = `# Decisions

These records explain choices that a newcomer may wonder about: what was decided, why, and what follows from it. A decision that has been
replaced stays here and says so. Numbers are given out when a question comes up; the missing ones belonged to questions that turned out to
need no decision, or that another decision answers. \`npm run docs\` writes this page.

| number | decision | status |
| --- | --- | --- |
`;

/** The page docs/decisions/README.md. Throws an Error that names the file that lacks its title or its status. */
export function decisionIndex(): string {
  const files = readdirSync(FOLDER).filter((name) => FILE.test(name));
  return HEAD + files.toSorted().map(rowOf).join('');
}

function rowOf(name: string): string {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const { number, title } = TITLE.exec(text)?.groups ?? {};
  const status = STATUS.exec(text)?.groups?.['status'];
  if (number === undefined || title === undefined || status === undefined || !name.startsWith(number))
    throw new Error(
      `docs/decisions/${name} begins with "# ${name.slice(0, 4)} Title" and a line "**Status.** …"`,
    );
  return `| [${number}](${name}) | ${title} | ${status.replace(/\.$/, '')} |\n`;
}
