/** The attune command (design §8). Each command lives in a file of its own and is loaded when it is asked for. */
import { Command } from 'commander';

const program = new Command('attune').description('Review answers, check packs, run the community dataset.');

const packs = program.command('packs').description('culture packs');
packs
  .command('check')
  .argument('[pack...]', 'pack ids; default: all')
  .option('--no-examples', 'only check the format, do not run the examples')
  .description('validate packs and run every example of every rule')
  .action(async (ids: string[], options: { examples: boolean }) => {
    const { checkPacks } = await import('./packs-check.ts');
    process.exitCode = await checkPacks(ids, options);
  });

await program.parseAsync();
