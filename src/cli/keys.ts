import { type Command, InvalidArgumentError } from 'commander'
import { isScope, type Scope, scopes } from '../platform/identity/identity.ts'
import { parseExpiry } from './expiry.ts'

export interface CreateKeyFlags {
  readonly name: string
  readonly scope: readonly Scope[]
  readonly expires?: number
  readonly json?: true
}

export function register(program: Command): void {
  const keys = program
    .command('keys')
    .summary('API keys of servers: create, list, revoke')
    .description(
      'A server calls the API with a key of its own, which may do what its scopes say. Only a hash of it is stored: ' +
        'the key is shown once. Keys count where the API has authentication.',
    )
    .addHelpText('after', examples)

  keys
    .command('create')
    .summary('make a key, and show it this once')
    .requiredOption('-n, --name <name>', 'what it is for, as lists show it', name)
    .requiredOption('-s, --scope <scope>', `${scopes.join(', ')}; may be repeated`, scope)
    .option('-e, --expires <time>', 'how long it is valid, such as 90d; for ever if not given', parseExpiry)
    .option('--json', 'for programs')
    .action(async (flags: CreateKeyFlags) => (await import('./keys-run.ts')).createKey(flags))

  keys
    .command('list')
    .summary('every key: its scopes, when it was used last, whether it still counts')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => (await import('./keys-run.ts')).listKeys(json === true))

  keys
    .command('revoke')
    .summary('refuse a key from now on, for good')
    .argument('<id>', 'the id of the key: the part after trk_')
    .action(async (id: string) => (await import('./keys-run.ts')).revokeKey(id))
}

function name(text: string): string {
  if (/^[^\p{Cc}]{1,100}$/u.test(text) && text.trim() !== '') return text
  throw new InvalidArgumentError('It must have 1 to 100 characters in one line.')
}

function scope(text: string, before: readonly Scope[] = []): Scope[] {
  if (isScope(text)) return [...new Set([...before, text])]
  throw new InvalidArgumentError(`The scopes: ${scopes.join(', ')}.`)
}

const examples = `
Examples:
  npm run -s thereview -- keys create --name shop --scope reviews:write --scope users:write
  KEY=$(npm run -s thereview -- keys create --name prometheus --scope metrics:read --expires 90d)
  npm run -s thereview -- keys list
  npm run -s thereview -- keys revoke 3w5e11264sgs`
