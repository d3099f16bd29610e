import { type Command, InvalidArgumentError } from 'commander'

export interface ListAuditFlags {
  readonly limit: number
  readonly before?: number
  readonly json?: true
}

export function register(program: Command): void {
  const audit = program
    .command('audit')
    .summary('who did what as an administrator, and whether that record is whole')
    .addHelpText('after', examples)

  audit
    .command('list')
    .summary('administrative acts, newest first')
    .option('-n, --limit <number>', 'at most so many', positive, 50)
    .option('--before <number>', 'only entries older than this number', positive)
    .option('--json', 'for programs')
    .action(async (flags: ListAuditFlags) => (await import('./audit-run.ts')).showAudit(flags))

  audit
    .command('verify')
    .summary('recompute the chain of hashes; exits with 1 if it is broken')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => {
      process.exitCode = await (await import('./audit-run.ts')).verify(json === true)
    })
}

function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It wants a whole number above 0.')
}

const examples = `
Examples:
  npm run -s thereview -- audit list -n 10
  npm run -s thereview -- audit list --json | jq '.[] | select(.action == "review.deleted")'
  npm run -s thereview -- audit verify`
