import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { calculateBcc, type Email, type Envelope, formatBytes } from '@maildev/core'
import {
  getAttachmentDir,
  type ParsedAttachment,
  type ParsedEmail,
  parseEmailBuffer,
  transformAttachment,
} from '@maildev/smtp'

/** A mail as it came: nobody has looked into it yet. */
export interface Letter {
  readonly id: string
  readonly receivedAt: Date
  readonly raw: Buffer
  /** Of a letter that was kept from an earlier run only its headers tell from whom and to whom it was. */
  readonly envelope?: Envelope
}

/** What MailDev shows of a letter. Its file and those of its attachments are in the folder afterwards. */
export async function openLetter(letter: Letter, folder: string): Promise<Email> {
  const { id, receivedAt, raw } = letter
  const parsed = await parseEmailBuffer(raw).catch((error: unknown) => unreadable(raw, error))
  const source = join(folder, `${id}.eml`)
  await writeFile(source, raw)
  const { from = [], to = [], cc, html, text, inReplyTo, priority, attachments = [] } = parsed
  const envelope = letter.envelope ?? { from: from[0] ?? { address: '' }, to }
  return {
    id,
    time: parsed.date ?? receivedAt,
    read: letter.envelope === undefined,
    subject: parsed.subject ?? '',
    source,
    size: raw.length,
    sizeHuman: formatBytes(raw.length),
    from,
    to,
    headers: Object.fromEntries(parsed.headers ?? []),
    attachments: await Promise.all(attachments.map((each, nth) => keepAttachment(each, nth, id, folder))),
    envelope,
    calculatedBcc: calculateBcc(
      envelope.to.map(({ address }) => address),
      to,
      cc ?? [],
    ),
    ...(cc && { cc }),
    ...(html && { html }),
    ...(text && { text }),
    ...(inReplyTo && { inReplyTo }),
    ...(priority && { priority }),
  }
}

/** Rather a page that says what is wrong with a mail than none. */
function unreadable(raw: Buffer, error: unknown): ParsedEmail {
  return { subject: `This mail cannot be read: ${error}`, text: raw.toString() }
}

/** Its file has a name of ours: what a sender calls it may be no name of a file. */
async function keepAttachment(attachment: ParsedAttachment, nth: number, id: string, folder: string) {
  const { contentId, filename, contentType, contentDisposition, size } = transformAttachment(attachment)
  const extension = /^\.\w{1,10}$/.exec(extname(filename))?.[0] ?? ''
  const generatedFileName = `${nth + 1}${extension}`
  const attachments = getAttachmentDir(folder, id)
  await mkdir(attachments, { recursive: true })
  await writeFile(join(attachments, generatedFileName), attachment.content ?? '')
  const shown = { filename, generatedFileName, contentType, contentDisposition, size }
  return contentId === undefined ? shown : { ...shown, contentId }
}
