/**
 * The inbox of the local stack: takes every mail, delivers none, and shows them on MailDev's page. `parts/mail.ts`
 * starts it with three arguments: the port of the page, that of SMTP, and the folder that keeps the mails.
 */
import { createAPIServer } from '@maildev/api'
import { createSMTPServer } from '@maildev/smtp'
import { registerUI } from '@maildev/ui/server'
import { Mailbox } from './mailbox.ts'
import { receiveMails } from './smtp.ts'

const most = 2_000

const [port, smtpPort, folder] = process.argv.slice(2)
if (!port || !smtpPort || !folder) throw new Error('usage: inbox-process.ts <port> <smtp port> <folder>')

const say = (what: string) => process.stderr.write(`${what}\n`)
const mailbox = new Mailbox({ folder, most, say })
await mailbox.initialize()
const smtp = await receiveMails(Number(smtpPort), mailbox, say)

// Never started: the page asks it for a mail's HTML, source and attachments, and hears of new mails from it.
const mailDev = createSMTPServer({ storage: mailbox, mailDir: folder, logger: false })
mailbox.on('add', (email) => mailDev.emit('new', email))
const page = createAPIServer({
  port: Number(port),
  host: '127.0.0.1',
  storage: mailbox,
  smtp: mailDev,
  cors: { origin: false },
})
await page.registerPlugins()
await registerUI(page.server, { basePath: '' })
await page.listen()

process.once('SIGTERM', async () => {
  // Who has the page open may keep it from closing; the mails are safe before that.
  await new Promise<void>((resolve) => smtp.close(resolve))
  await mailbox.close()
  await page.stop()
})
