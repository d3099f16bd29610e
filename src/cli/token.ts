import { type Command, InvalidArgumentError } from 'commander'
import { isRole, isUserId, type Role, roles } from '../platform/identity/identity.ts'
import { parseExpiry } from './expiry.ts'

export interface TokenFlags {
  readonly user: string
  readonly role?: readonly Role[]
  /** Seconds. */
  readonly expires?: number
}

export function register(program: Command): void {
  program
    .command('token')
    .summary('make a token of a user, for trials')
    .description(
      'Signs a JSON Web Token with AUTH_SECRET, for whoever wants to try the API with authentication. Prints the ' +
        'token alone. Tokens of real users come from whoever signs them in.',
    )
    .requiredOption('-u, --user <id>', 'whose token it is', userId)
    .option('-r, --role <role>', `${roles.join(', ')}; may be repeated`, role)
    .option('-e, --expires <time>', 'how long it is valid, by default 1h', parseExpiry)
    .addHelpText('after', examples)
    .action(async (flags: TokenFlags) => (await import('./token-make.ts')).makeToken(flags))
}

function userId(text: string): string {
  if (isUserId(text)) return text
  throw new InvalidArgumentError('It must have 1 to 200 characters, none of them a control character.')
}

function role(text: string, before: readonly Role[] = []): Role[] {
  if (isRole(text)) return [...before, text]
  throw new InvalidArgumentError(`The roles: ${roles.join(', ')}.`)
}

const examples = `
Examples:
  export AUTH_SECRET=$(openssl rand -hex 32)
  npm run -s thereview -- token --user u1
  npm run -s thereview -- token --user m1 --role moderator --expires 8h
  curl -H "Authorization: Bearer $(npm run -s thereview -- token --user u1)" …`
