import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Mailbox } from './mailbox.ts'

const root = mkdtempSync(join(tmpdir(), 'mailbox-'))
after(() => rmSync(root, { recursive: true }))

const newFolder = () => mkdtempSync(join(root, 'mails-'))

async function mailboxIn(folder: string, letters = 5, bytes = 100_000) {
  const said: string[] = []
  const mailbox = new Mailbox({ folder, most: { letters, bytes }, say: (what) => said.push(what) })
  await mailbox.initialize()
  return { mailbox, said }
}

const envelope = (nth: number) => ({
  from: { address: 'shop@example.test' },
  to: [{ address: `reader-${nth}@example.test` }],
})

const letter = (nth: number) =>
  Buffer.from(
    [
      'From: The shop <shop@example.test>',
      `To: reader-${nth}@example.test`,
      `Subject: Letter ${nth}`,
      `Date: ${new Date(Date.UTC(2026, 0, 1, 0, nth)).toUTCString()}`,
      '',
      `Hello ${nth}`,
    ].join('\r\n'),
  )

const letterWithAttachment = (name: string) =>
  Buffer.from(
    [
      'Subject: Terms',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      'the terms',
      '--b--',
    ].join('\r\n'),
  )

const receive = (mailbox: Mailbox, from: number, to: number) => {
  for (let nth = from; nth <= to; nth++) mailbox.receive(letter(nth), envelope(nth))
}

const subjects = async (mailbox: Mailbox) => (await mailbox.list()).items.map(({ subject }) => subject)

test('whoever looks sees what has come, the newest first', async () => {
  const { mailbox } = await mailboxIn(newFolder())
  receive(mailbox, 1, 3)
  assert.deepEqual(await subjects(mailbox), ['Letter 3', 'Letter 2', 'Letter 1'])
  const [mail] = await mailbox.filter({ 'to.address': 'reader-2@example.test' })
  assert.deepEqual(
    [mail?.text?.trim(), mail?.read, mail?.envelope, mail?.calculatedBcc],
    ['Hello 2', false, envelope(2), []],
  )
  await mailbox.close()
})

test('every way of looking opens', async () => {
  const ways: readonly ((mailbox: Mailbox) => Promise<unknown>)[] = [
    (mailbox) => mailbox.getAll().then(({ length }) => length),
    (mailbox) => mailbox.count(),
    (mailbox) => mailbox.stats().then(({ unread }) => unread),
    (mailbox) => mailbox.markAllRead(),
    (mailbox) => mailbox.deleteAll(),
  ]
  for (const way of ways) {
    const { mailbox } = await mailboxIn(newFolder())
    receive(mailbox, 1, 2)
    assert.equal(await way(mailbox), 2, `${way}`)
    await mailbox.close()
  }
  const { mailbox } = await mailboxIn(newFolder())
  const id = mailbox.receive(letter(1), envelope(1))
  assert.equal((await mailbox.getById(id))?.subject, 'Letter 1')
  await mailbox.close()
})

test('of more than it may keep the oldest go, opened or not, and their files with them', async () => {
  const folder = newFolder()
  const { mailbox } = await mailboxIn(folder)
  receive(mailbox, 1, 4)
  assert.equal(await mailbox.count(), 4)
  receive(mailbox, 5, 12)
  assert.deepEqual(
    await subjects(mailbox),
    [12, 11, 10, 9, 8].map((nth) => `Letter ${nth}`),
  )
  assert.equal(readdirSync(folder).length, 5)
  await mailbox.close()
})

test('several who look at once see each letter once', async () => {
  const { mailbox } = await mailboxIn(newFolder(), 50)
  receive(mailbox, 1, 20)
  const looks = [mailbox.count(), mailbox.count()]
  receive(mailbox, 21, 40)
  await Promise.all([...looks, mailbox.count()])
  assert.equal(new Set(await subjects(mailbox)).size, 40)
  assert.equal(await mailbox.count(), 40)
  await mailbox.close()
})

test('letters are opened although nobody looks, ten in each fifth of a second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { mailbox } = await mailboxIn(newFolder(), 100)
  const opened: string[] = []
  mailbox.on('add', ({ subject }: { subject: string }) => opened.push(subject))
  receive(mailbox, 1, 12)
  for (const soFar of [10, 12]) {
    t.mock.timers.tick(200)
    while (opened.length < soFar) await once(mailbox, 'add')
    // What is done with the last one, and whether there will be another look, comes after this.
    await mailbox.open(0)
    assert.equal(opened.length, soFar)
  }
  receive(mailbox, 13, 13)
  t.mock.timers.tick(200)
  await once(mailbox, 'add')
  assert.equal(opened.at(-1), 'Letter 13')
  await mailbox.close()
})

test('what it had when it was closed is there for the next, opened or not', async () => {
  const folder = newFolder()
  const first = await mailboxIn(folder, 20)
  first.mailbox.receive(letterWithAttachment('terms.txt'), envelope(0))
  receive(first.mailbox, 1, 8)
  assert.equal(await first.mailbox.count(), 9)
  receive(first.mailbox, 9, 12)
  await first.mailbox.close()

  const { mailbox } = await mailboxIn(folder, 6)
  assert.equal(readdirSync(folder).length, 6)
  const { items } = await mailbox.list()
  assert.deepEqual(
    items.map(({ subject }) => subject),
    [12, 11, 10, 9, 8, 7].map((nth) => `Letter ${nth}`),
  )
  for (const { read, envelope: of, to } of items) {
    assert.deepEqual([read, of.from.address, of.to], [true, 'shop@example.test', to])
  }
  await mailbox.close()
})

test('what is kept from an earlier run and goes for newer letters is gone with its files', async () => {
  const folder = newFolder()
  const first = await mailboxIn(folder)
  receive(first.mailbox, 1, 3)
  await first.mailbox.close()

  const second = await mailboxIn(folder, 3)
  receive(second.mailbox, 4, 6)
  await second.mailbox.deleteAll()
  await second.mailbox.close()
  const { mailbox } = await mailboxIn(folder)
  assert.equal(await mailbox.count(), 0)
  await mailbox.close()
})

test('whoever is looking as it closes does not keep it: what they have not opened is written down', async () => {
  const folder = newFolder()
  const first = await mailboxIn(folder, 100)
  receive(first.mailbox, 1, 50)
  const looking = first.mailbox.count()
  await first.mailbox.close()
  await looking
  const { mailbox } = await mailboxIn(folder, 100)
  assert.equal(await mailbox.count(), 50)
  await mailbox.close()
})

test('a letter that cannot be written down as it closes is said, and keeps no other from it', async () => {
  const folder = newFolder()
  const first = await mailboxIn(folder)
  receive(first.mailbox, 1, 1)
  const id = first.mailbox.receive(letter(2), envelope(2))
  receive(first.mailbox, 3, 3)
  mkdirSync(join(folder, `${id}.eml`))
  await first.mailbox.close()
  assert.match(first.said.join(), /^a mail is lost: .*EISDIR/)
  rmSync(join(folder, `${id}.eml`), { recursive: true })
  const { mailbox } = await mailboxIn(folder)
  assert.deepEqual(await subjects(mailbox), ['Letter 3', 'Letter 1'])
  await mailbox.close()
})

test('an attachment is kept whatever it is called', async () => {
  const { mailbox } = await mailboxIn(newFolder())
  for (const name of [`a.${'x'.repeat(300)}`, '../../etc/passwd', 'a.\u0001', '', '.', 'ü.'.repeat(200)]) {
    mailbox.receive(letterWithAttachment(name), envelope(1))
    const [mail] = await mailbox.getAll()
    const file = mail?.attachments[0]?.generatedFileName ?? assert.fail(name)
    const path = join(mailbox.getAttachmentDirectory(mail?.id ?? ''), file)
    assert.equal(readFileSync(path, 'utf8'), 'the terms', name)
    await mailbox.deleteAll()
  }
  await mailbox.close()
})

test('a letter that cannot be put into the folder is there again for the next who looks', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const folder = newFolder()
  const { mailbox, said } = await mailboxIn(folder)
  receive(mailbox, 1, 2)
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'in the way')
  t.mock.timers.tick(200)
  await assert.rejects(mailbox.count(), /ENOTDIR/)
  assert.match(said.join(), /^mails cannot be opened: .*ENOTDIR/)
  rmSync(folder)
  await mailbox.initialize()
  assert.deepEqual(await subjects(mailbox), ['Letter 2', 'Letter 1'])
  await mailbox.close()
})

test('bytes that are no mail are shown as they are', async () => {
  const { mailbox } = await mailboxIn(newFolder())
  for (const raw of [
    '',
    '\r\n',
    '\0\xff',
    'no header',
    ': :\r\n\r\n',
    'Content-Type: multipart/mixed\r\n\r\nx',
  ]) {
    mailbox.receive(Buffer.from(raw, 'latin1'), envelope(1))
    const [mail] = (await mailbox.list({ limit: 1 })).items
    assert.deepEqual(mail?.envelope, envelope(1), JSON.stringify(raw))
    await mailbox.deleteAll()
  }
  await mailbox.close()
})
