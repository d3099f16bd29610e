import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compose } from './compose.ts'

const heading = {
  from: 'TheReview <reviews@example.test>',
  to: { address: 'ann@example.com', name: 'Ann' },
  messageId: '<1@example.test>',
}

const anyText = fc.string({ unit: 'binary', maxLength: 300 })

test('whatever a letter says, the message is ASCII in lines that every server takes', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, html) => {
      const { raw } = compose({ subject: 'Your review', text, html }, heading)
      for (const line of raw.split('\r\n')) assert.match(line, /^[\t\x20-\x7e]{0,998}$/)
      assert.doesNotMatch(raw.replaceAll('\r\n', ''), /[\r\n]/)
    }),
  )
})

test('what every server takes as it is stays as it is, and the rest is quoted', () => {
  const encodingOf = (html: string) =>
    /text\/html; charset=utf-8\r\nContent-Transfer-Encoding: (\S+)/.exec(
      compose({ subject: 'Your review', text: '', html }, heading).raw,
    )?.[1]
  assert.equal(encodingOf(`<p>★ ä</p>\n${'a'.repeat(998)}`), '7bit')
  assert.equal(encodingOf('a'.repeat(999)), 'quoted-printable')
  assert.equal(encodingOf('a\u0000b'), 'quoted-printable')
})

test('a message is read in one piece, as often as somebody begins to', async () => {
  const message = compose({ subject: 'Your review', text: 'ä', html: '<p>ä</p>' }, heading)
  for (let n = 0; n < 2; n++) {
    const pieces = await message.createReadStream().toArray()
    assert.deepEqual(pieces.map(String), [message.raw])
  }
})

test('whatever a letter says, it stays within its part', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, html) => {
      const { raw } = compose({ subject: 'Your review', text: `--${text}`, html: `\n--${html}` }, heading)
      const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? ''
      assert.equal(raw.split(`--${boundary}`).length, 4)
      const parts = raw.split(`\r\n--${boundary}`).slice(1, 3).map(decoded)
      const wanted = [`--${text}`, `\n--${html}`].map((one) => one.replace(/\r\n?|\n/g, '\r\n'))
      const [ofText = '', ofHtml = ''] = parts
      assert.deepEqual(
        [ofText, withoutReferences(ofHtml, wanted[1] ?? '')],
        wanted.map((one) => Buffer.from(one).toString()),
      )
    }),
  )
})

/** HTML with the characters themselves that were written as references to them, but for those that it had before. */
function withoutReferences(html: string, before: string): string {
  return html.replace(/&#(\d+);/g, (reference, code: string) =>
    before.includes(reference) ? reference : String.fromCodePoint(Number(code)),
  )
}

/** The contents of a part (RFC 2045, section 6.7). */
function decoded(part: string): string {
  const content = part.slice(part.indexOf('\r\n\r\n') + 4)
  if (part.includes('Content-Transfer-Encoding: 7bit')) return content
  const bytes = content
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

test('the envelope and the header name the recipient, who cannot add another', () => {
  const to = { address: 'zoe@exämple.de', name: 'Zoë, <eve@evil.test>' }
  const message = compose({ subject: 'Ä'.repeat(100), text: '', html: '' }, { ...heading, to })
  const { raw } = message
  assert.deepEqual(message.getEnvelope(), { from: 'reviews@example.test', to: ['zoe@xn--exmple-cua.de'] })
  assert.match(raw, /^Message-ID: <1@example.test>$/im)
  assert.equal(raw.match(/^To: /gim)?.length, 1)
})
