import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addDataFlags, settingsOf } from '../../../../src/infra/config/flags/flags.ts';

/** The settings of a command line. */
async function settings(...args: string[]) {
  const command = addDataFlags(new Command('run'))
    .option('--concurrency <list>')
    .option('--model <name>')
    .option('--batch-size <n>')
    .option('--quiet');
  command.parse(args, { from: 'user' });
  return settingsOf(command);
}

describe('the settings of a command line', () => {
  it('are the defaults where no flag is given', async () => {
    await expect(settings()).resolves.toMatchObject({ batchSize: 10, namespace: 'millrace', dryRun: false });
  });

  it('are what the flags say', async () => {
    const args = ['--batch-size', '50', '--namespace', 'chem', '--dry-run', '--data', '/tmp/x', '--quiet'];
    const expected = { batchSize: 50, namespace: 'chem', dryRun: true, data: '/tmp/x' };
    await expect(settings(...args)).resolves.toMatchObject(expected);
  });

  it('name one concurrency per agent', async () => {
    const { concurrency } = await settings('--concurrency', 'research=20, review=5');
    expect(concurrency).toEqual({ research: 20, review: 5 });
  });

  it('name one model for all agents, or one for each', async () => {
    await expect(settings('--model', 'gpt-x')).resolves.toMatchObject({ model: 'gpt-x' });
    const { agents } = await settings('--model', 'research=org/a:free,review=b?v=2');
    expect(agents).toMatchObject({ research: { model: 'org/a:free' }, review: { model: 'b?v=2' } });
  });

  it.each([
    ['--concurrency', '20'],
    ['--concurrency', 'storage=5'],
    ['--concurrency', 'research='],
    ['--concurrency', 'research=5,'],
    ['--model', 'reserch=a'],
    ['--model', '=a'],
  ])('%s %s is refused with the flag and what was expected', async (flag, value) => {
    const message = expect.stringMatching(
      `Bad value for ${flag}: expected research=…, generation=…, review=…`,
    );
    await expect(settings(flag, value)).rejects.toMatchObject({
      kind: 'fatal',
      code: 'bad_setting',
      message,
    });
  });

  it.each([
    ['concurrency.review', ['--concurrency', 'review=many']],
    ['concurrency.review', ['--concurrency', 'review=0']],
    ['concurrency.review', ['--concurrency', 'review=1=2']],
    ['batchSize', ['--batch-size', '1.5']],
    ['namespace', ['--namespace', '../x']],
  ])('a bad %s is refused by its name', async (name, args) => {
    const message = expect.stringContaining(`Bad value for ${name}: `);
    await expect(settings(...args)).rejects.toMatchObject({ code: 'bad_setting', message });
  });
});
