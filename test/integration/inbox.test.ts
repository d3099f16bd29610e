import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { mailPart } from '../../src/launcher/parts/mail.ts'
import { freePort } from '../../src/launcher/ports.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'inbox-'))
const port = { number: await freePort(), variable: 'MAIL_PORT', base: 0 }
const smtp = { number: await freePort(), variable: 'SMTP_PORT', base: 0 }
const part = mailPart({ port, smtp, dataFolder: folder })

const launch = async () => {
  const { file, args } = part.command()
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await until('the inbox answers', () => part.isReady())
  return child
}
const stop = async () => {
  assert.ok(inbox)
  inbox.kill('SIGTERM')
  const [code] = await once(inbox, 'exit')
  return code
}

let inbox: Awaited<ReturnType<typeof launch>> | null = null
before(async () => {
  inbox = await launch()
})
after(async () => {
  if (inbox) await stop()
  rmSync(folder, { recursive: true })
})

const ask = (path: string, init?: RequestInit) => fetch(`${part.url}${path}`, init)
/** The first of what is answered to whoever asks for a WebSocket. */
async function upgraded(headers = ''): Promise<string> {
  const client = connect(port.number, '127.0.0.1')
  client.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port.number}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n${headers}\r\n`,
  )
  const [answer] = await once(client, 'data')
  client.destroy()
  return String(answer)
}

interface Shown {
  readonly id: string
  readonly subject: string
  readonly attachments: readonly { readonly generatedFileName: string }[]
}
const mails = async () => (await ask('/api/email')).json() as Promise<Shown[]>

const mail = {
  from: 'The shop <shop@example.test>',
  to: 'reader@example.test',
  bcc: 'auditor@example.test',
  subject: 'Größe ✓',
  text: 'in plain text',
  html: '<p>in <b>HTML</b></p>',
  attachments: [{ filename: 'terms.txt', content: 'the terms' }],
}
const send = (what: object) =>
  createTransport({ host: '127.0.0.1', port: smtp.number, secure: false }).sendMail({ ...mail, ...what })

test('a mail is there with its text, HTML, source and attachments, and who got it unseen', async () => {
  await send({})
  const shown = (await mails()).find(({ subject }) => subject === mail.subject)
  assert.ok(shown)
  assert.partialDeepStrictEqual(shown, {
    subject: 'Größe ✓',
    text: 'in plain text',
    from: [{ address: 'shop@example.test', name: 'The shop' }],
    to: [{ address: 'reader@example.test' }],
    calculatedBcc: [{ address: 'auditor@example.test' }],
  })
  const read = async (path: string) => (await ask(`/api/email/${shown.id}${path}`)).text()
  assert.match(await read('/html'), /<p>in <b>HTML<\/b><\/p>/)
  assert.match(await read('/source'), /^From: The shop <shop@example\.test>\r\n/)
  assert.equal(await read(`/attachment/${shown.attachments[0]?.generatedFileName}`), 'the terms')
})

test('its page is a page, and no other page may read it', async () => {
  const page = await ask('/', { headers: { accept: 'text/html' } })
  assert.match(await page.text(), /<html/)
  const foreign = await ask('/api/email', { headers: { origin: 'https://elsewhere.test' } })
  assert.deepEqual([foreign.status, foreign.headers.get('access-control-allow-origin')], [403, null])
  const socket = '/socket.io/?EIO=4&transport=polling'
  assert.equal((await ask(socket)).status, 200)
  assert.equal((await ask(socket, { headers: { origin: 'https://elsewhere.test' } })).status, 403)
  assert.match(await upgraded(), /^HTTP\/1\.1 101 /)
  assert.match(await upgraded('Origin: https://elsewhere.test\r\n'), /^HTTP\/1\.1 403 /)
})

test('a mail that is too large is refused, and nothing of it is kept', async () => {
  const before = await mails()
  await assert.rejects(send({ text: 'x'.repeat(51 * 2 ** 20) }), { responseCode: 552 })
  assert.deepEqual(await mails(), before)
})

test('it keeps its mails when it is stopped', async () => {
  await send({ subject: 'looked at' })
  await mails()
  await send({ subject: 'not looked at' })
  assert.equal(await stop(), 0)
  inbox = await launch()
  const subjects = (await mails()).map(({ subject }) => subject)
  assert.ok(subjects.includes('not looked at') && subjects.includes('looked at'), subjects.join())
})
