import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMailer } from '../../src/notifications/mail/mailer.ts'
import { SmtpSink } from './smtp-sink.ts'

const letter = { subject: 'Thank you', text: 'A line\n.\nand one after a lone dot', html: '<p>A line</p>' }

test("it takes the product's own mails, each once, and tells whom they are for", async () => {
  const recipients: string[] = []
  const sink = new SmtpSink({ port: 0, answerAfterMs: () => 0, onMail: (to) => recipients.push(to) })
  const url = `smtp://127.0.0.1:${await sink.start()}`
  const mailer = createMailer({ url, from: 'TheReview <reviews@example.test>', connections: 2 })
  const wanted = Array.from({ length: 20 }, (_, n) => `user-${n}@example.test`)
  await Promise.all(wanted.map((address) => mailer.send({ id: address, to: { address, name: '' }, letter })))
  mailer.close()
  await sink.stop()
  assert.deepEqual(recipients.toSorted(), wanted.toSorted())
})
