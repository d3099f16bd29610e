import { until } from './until.ts'

export interface InboxMail {
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly to: readonly { readonly address: string; readonly name: string }[]
  readonly from: readonly { readonly address: string; readonly name: string }[]
  readonly headers: Readonly<Record<string, string>>
}

// Of a worker that was killed another has the partitions when its session is over, and has to start first.
const timeoutMs = 60_000

/** The mails to an address in the shared inbox, once there are so many. */
export function mailsTo(inboxUrl: string, address: string, count = 1): Promise<InboxMail[]> {
  const probe = async () => {
    const url = new URL('/api/email', inboxUrl)
    url.searchParams.set('to.address', address)
    const mails = (await (await fetch(url)).json()) as InboxMail[]
    return mails.length >= count && mails
  }
  return until(`${count} mails to ${address}`, probe, { timeoutMs })
}
