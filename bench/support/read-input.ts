// `node read-input.ts FILE ROUNDS [limited]`: reads a file as a run does, so often, and says what the last reading took. Limited: in the memory that the
// command allows itself.
import { growNewSpace, limitMemory } from '../../src/cli/limit-memory.ts';
import { readQuestions } from '../../src/infra/input/read-questions.ts';

const MIB = 1_024 * 1_024;
const LOOK_EVERY = 2_000;
const [file = '', rounds = '1', limited] = process.argv.slice(2);
const options = {
  defaults: { topic: '', subTopic: '', trainingType: 'sft' },
  trainingTypes: ['sft'],
  from: 'question',
} as const;

if (limited !== undefined) {
  limitMemory();
  growNewSpace();
}

let cpuSeconds = 0;
const mib: number[] = [];
let rows = 0;
for (let round = 0; round < Number(rounds); round += 1) {
  const before = process.cpuUsage();
  rows = 0;
  for await (const entry of readQuestions(file, options)) {
    if (entry.kind === 'bad') throw new Error(entry.reason);
    rows += 1;
    if (rows % LOOK_EVERY === 0) mib.push(process.memoryUsage.rss() / MIB);
  }
  const { user, system } = process.cpuUsage(before);
  cpuSeconds = (user + system) / 1e6;
}
process.stdout.write(JSON.stringify({ rows, cpuSeconds, mib }));
