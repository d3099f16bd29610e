import type { Command } from 'commander'

export function register(program: Command): void {
  program
    .command('lag')
    .summary('how far behind each consumer group is')
    .description('For each group and partition: the committed offset, the end, and the records between them.')
    .argument('[group...]', 'the groups to show; all if none is named')
    .option('--json', 'for programs')
    .addHelpText('after', examples)
    .action(async (groups: string[], { json }: { json?: true }) =>
      (await import('./lag-show.ts')).showLag(groups, json === true),
    )
}

const examples = `
Examples:
  npm run -s thereview -- lag
  npm run -s thereview -- lag analytics-service
  npm run -s thereview -- lag --json | jq '.groups[] | {group, lag}'
  watch npm run -s thereview -- lag`
