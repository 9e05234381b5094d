import { basename } from 'node:path';
import { formatNamed } from '../../../stages/formats/index.ts';
import { grouped } from '../../../stages/text/grouped.ts';
import type { Origin } from '../../input/sources/hub/origins.ts';
import type { WrittenDataset } from '../dataset-file.ts';
import { datasetNameOf } from '../dataset-path.ts';
import { axolotlBlockOf } from './axolotl-block.ts';
import type { LookedAt } from './card-front-matter.ts';
import type { DatasetFigures } from './dataset-statistics.ts';
import { section, table } from './markdown.ts';
import type { TextTally } from './tally.ts';

const MAX_ROWS = 50;
const BAR_CHARACTERS = 40;

/** What a person reads on a dataset card. */
export function cardBodyOf(
  dataset: WrittenDataset,
  createdAt: Date,
  { lookedAt, origins = [] }: Readonly<{ lookedAt: LookedAt; origins?: readonly Origin[] | undefined }>,
): string {
  const { statistics } = dataset;
  return [
    `\n# ${datasetNameOf(dataset.place.path)}\n`,
    simulationWarning(statistics),
    firstLook(lookedAt),
    `\n${grouped(dataset.written)} synthetic examples, written and reviewed by language models with Millrace. `,
    `Made on ${createdAt.toISOString().slice(0, 10)}.\n`,
    section('Files', formatOf(dataset), lookedAt === 'all' ? fileTable(dataset) : '', omission(dataset)),
    axolotlSection(dataset),
    section('Questions', questionsFrom(origins)),
    section('Training types', counts(['training type', 'examples'], statistics.trainingTypes)),
    section('Topics', counts(['topic', 'sub-topic', 'examples'], statistics.topics)),
    section('Scores', histogram(statistics), criteria(statistics)),
    section('Revisions', counts(['sent back', 'examples'], statistics.revisions)),
    section('Models and prompts', counts(['stage', 'model', 'prompt version', 'works'], statistics.works)),
    section('Sources', sources(statistics)),
    section('Worth a look', suspicions(statistics)),
    section('Tokens and cost', spending(statistics)),
    section('Lanes', counts(['lane', 'examples'], statistics.lanes)),
    section(
      'Left out',
      table(
        ['reason', 'examples'],
        [...dataset.skipped].map(([reason, count]) => [reason, grouped(count)]),
      ),
    ),
  ].join('');
}

/** Whose questions they are, under which terms. */
function questionsFrom(origins: readonly Origin[]): string {
  if (origins.length === 0) return '';
  const rows = origins.map(({ dataset, commit, license }) => [dataset, commit, license]);
  return `They were read from data sets on the Hugging Face Hub, whose licences count for them.\n\n${table(['data set', 'commit', 'licence'], rows)}`;
}

function simulationWarning({ simulated, examples }: DatasetFigures): string {
  if (simulated === 0) return '';
  const share =
    simulated === examples ? 'Every example' : `${grouped(simulated)} of ${grouped(examples)} examples`;
  return `\n> [!CAUTION]\n> **SIMULATED: THIS IS NO TRAINING DATA.** ${share} in this file was invented by a simulated model to rehearse a run. The texts mean nothing and the scores are made up. Do not train on it.\n`;
}

function firstLook(lookedAt: LookedAt): string {
  if (lookedAt === 'all') return '';
  const { first, of } = lookedAt;
  return `\n> [!NOTE]\n> A first look: the first ${grouped(first)} of ${grouped(of)} examples were read for this card. The card of all of them comes\n> with \`?whole=true\`, and stands beside each file of \`millrace export\`.\n`;
}

function formatOf({ format }: WrittenDataset): string {
  return `Format ${format}: ${formatNamed(format).description}.\n\n`;
}

function fileTable({ files }: WrittenDataset): string {
  const rows = files.map(({ path, lines, bytes, sha256 }) => [
    basename(path),
    grouped(lines),
    grouped(bytes),
    sha256,
  ]);
  return table(['file', 'lines', 'bytes', 'SHA-256'], rows);
}

function axolotlSection(dataset: WrittenDataset): string {
  const block = axolotlBlockOf(dataset);
  return block === undefined ? '' : section('Axolotl', `\n\`\`\`yaml\n${block}\`\`\`\n`);
}

function omission({ format }: WrittenDataset): string {
  return formatNamed(format).omits;
}

function counts(head: readonly string[], tally: TextTally): string {
  const rows = tally.rows.map(({ labels, count }) => [
    ...labels.map((label) => label || '(none)'),
    grouped(count),
  ]);
  const more = tally.size > MAX_ROWS ? `\n… and ${grouped(tally.size - MAX_ROWS)} more.\n` : '';
  return table(head, rows.slice(0, MAX_ROWS)) + more;
}

/** What answers rest on, where they rest on sources; nothing where none do. */
function sources({ sources: found }: DatasetFigures): string {
  if (found.size === 0) return '';
  return `Each answer rests on quotes that were found in these by a program.\n\n${counts(['source', 'licence', 'examples'], found)}`;
}

/** Of the examples in the files; nothing where there are none. */
function suspicions({ suspicions: found }: DatasetFigures): string {
  if (found.size === 0) return '';
  return `What these examples have may be harmless. Letters that nobody sees and marks of chat templates (\`<image>\`, \`</s>\`, \`<think>\` …) are more than text to trainers; \`--skip-marks\` leaves them out. Who speaks to the judge may have been approved for it.\n\n${counts(['an example', 'examples'], found)}`;
}

/** By the lowest score of each example: a chain is as strong as its weakest link. */
function histogram({ scores }: DatasetFigures): string {
  const most = Math.max(...scores.rows.map(({ count }) => count));
  return table(
    ['lowest score of an example', 'examples', ''],
    scores.rows.map(({ labels, count }) => [
      labels.join(' '),
      grouped(count),
      '█'.repeat(Math.ceil((count / most) * BAR_CHARACTERS)),
    ]),
  );
}

function criteria(statistics: DatasetFigures): string {
  return table(
    ['criterion', 'mean score'],
    [...statistics.criteria].map(([name, mean]) => [name, mean.toFixed(2)]),
  );
}

function spending({ usage, costUsd, unpriced, calls }: DatasetFigures): string {
  const unknown = unpriced === 0 ? '' : ` and ${grouped(unpriced)} works whose price is not known`;
  const rows = [
    ['calls', grouped(calls)],
    ['input tokens', `${grouped(usage.input)} (${grouped(usage.cached)} of them cached)`],
    ['output tokens', `${grouped(usage.output)} (${grouped(usage.reasoning)} of them reasoning)`],
    ['cost', `$${costUsd.toFixed(4)}${unknown}`],
  ];
  return `Of the work behind these examples; rejected and failed questions are not in it.\n\n${table(['', ''], rows)}`;
}
