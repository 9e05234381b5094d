import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../docs/decisions', import.meta.url));
const FILE = /^\d{4}-.+\.md$/;
const TITLE = /^# (?<number>\d{4}) (?<title>.+)$/m;
const STATUS = /^\**Status[.:]\**:? *(?<status>.+)$/m;

const HEAD = `# Decisions

Why things are as they are, where a newcomer would ask. Each says what was decided, why, and what follows from it; a decision that
another has taken the place of says so and stays. A number is given when the question comes up: those that are missing here belonged
to questions that answered themselves, or that another decision answered too. Made by \`npm run docs\`.

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
