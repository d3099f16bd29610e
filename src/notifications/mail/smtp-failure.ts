import { AppError } from '../../platform/errors.ts'

/**
 * `mail_rejected`: this mail will never be taken. `mail_deferred`: this mail is not taken now.
 * `mail_unavailable`: the server takes no mail now, whichever it is.
 */
export type SmtpFailureCode = 'mail_rejected' | 'mail_deferred' | 'mail_unavailable'

interface SmtpError {
  /** The client's own word: `EENVELOPE`, `EMESSAGE`, `ETIMEDOUT`, … */
  readonly kind: string
  /** What the server answered; null when it said nothing. */
  readonly reply: number | null
  /** The command that it answered. */
  readonly command: string
}

/**
 * What a failed attempt means for the mail. The error says which reply came to which command and no more: the
 * server's text may name an address, and the client's may quote what was sent.
 */
export function smtpFailure(thrown: unknown): AppError {
  const error = read(thrown)
  const code = codeOf(error)
  const what = `${error.reply ?? error.kind}${error.command ? ` to ${error.command}` : ''}`
  return code === 'mail_rejected'
    ? new AppError(code, 'fatal', `the mail server refused the mail: ${what}`)
    : new AppError(code, 'retryable', `the mail server did not take the mail: ${what}`)
}

// RFC 5321, section 4.2.1: 5yz is permanent, 4yz is not. Three replies speak of the session and not of the mail:
// 421 "closing", 503 "bad sequence of commands", 521 "does not accept mail".
const aboutTheSession = [421, 503, 521]

function codeOf({ kind, reply, command }: SmtpError): SmtpFailureCode {
  const aboutTheMail = kind === 'EENVELOPE' || kind === 'EMESSAGE'
  if (!aboutTheMail) return 'mail_unavailable'
  // Refused by the client before anything was sent: an address that is none, a mail over the server's limit.
  if (reply === null) return 'mail_rejected'
  if (aboutTheSession.includes(reply)) return 'mail_unavailable'
  if (reply < 500) return 'mail_deferred'
  // Who refuses our sender refuses every mail of ours.
  return command === 'MAIL FROM' ? 'mail_unavailable' : 'mail_rejected'
}

function read(thrown: unknown): SmtpError {
  const has = (name: string): unknown =>
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined
  const [kind, reply, command] = [has('code'), has('responseCode'), has('command')]
  return {
    kind: typeof kind === 'string' ? kind : 'unknown',
    reply: typeof reply === 'number' ? reply : null,
    command: typeof command === 'string' && command !== 'API' && command !== 'CONN' ? command : '',
  }
}
