import { createHash } from 'node:crypto'

export type Channel = 'email'

/** What a notice is about: an event that someone is told of, or a command that names the notice itself. */
export type NoticeSource = { readonly event: string } | { readonly command: string }

/**
 * The id of a notice follows from what it is about, whom it is for and the way it takes, so every repeat of an
 * event comes to the same notice. The first 122 bits of a SHA-256 as a UUID of version 8 (RFC 9562, section 5.8).
 */
export function noticeId(source: NoticeSource, recipient: string, channel: Channel): string {
  // JSON keeps the parts apart: no recipient can be written so that it runs into its neighbour.
  const name = JSON.stringify([source, recipient, channel])
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
