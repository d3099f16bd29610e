/**
 * The inbox of the local stack: takes every mail, delivers none, and shows them on MailDev's page. `parts/mail.ts`
 * starts it with three arguments: the port of the page, that of SMTP, and the folder that keeps the mails.
 */
import { createAPIServer } from '@maildev/api'
import type { Email } from '@maildev/core'
import { createSMTPServer } from '@maildev/smtp'
import { registerUI } from '@maildev/ui/server'
import { Mailbox } from './mailbox.ts'
import { refuseOtherPages } from './own-page.ts'
import { receiveMails } from './smtp.ts'

const most = { letters: 2_000, bytes: 64 * 2 ** 20 }

const [port, smtpPort, folder] = process.argv.slice(2)
if (!port || !smtpPort || !folder) throw new Error('usage: inbox-process.ts <port> <smtp port> <folder>')

const say = (what: string) => process.stderr.write(`${what}\n`)
const mailbox = new Mailbox({ folder, most, say })
await mailbox.initialize()

// Never started: the page asks it for a mail's HTML, source and attachments, and hears of new mails from it.
const mailDev = createSMTPServer({ storage: mailbox, mailDir: folder, logger: false })
mailbox.on('add', (email: Email) => {
  if (!email.read) mailDev.emit('new', email)
})
const page = createAPIServer({
  port: Number(port),
  host: '127.0.0.1',
  storage: mailbox,
  smtp: mailDev,
  cors: { origin: false },
})
await page.registerPlugins()
await registerUI(page.server, { basePath: '' })
refuseOtherPages(page.server.server, Number(port))

const smtp = await receiveMails(Number(smtpPort), mailbox, say)
process.once('SIGTERM', async () => {
  await new Promise<void>((resolve) => smtp.close(resolve))
  await mailbox.close()
  process.exit()
})
await page.listen()
