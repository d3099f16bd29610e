/** The inbox in a process of its own: `inbox.ts` starts it. */
import { nowMs } from '../driver/clock.ts'
import type { FromInbox, ToInbox } from './messages.ts'
import { SmtpSink } from './smtp-sink.ts'

const tellMs = 10

let count = 0
let told = 0
let lastAt = 0
let answerAfterMs = 0
let each = false
const tell = (message: FromInbox) => process.send?.(message)

process.on('message', async (message: ToInbox) => {
  if ('port' in message) {
    const sink = new SmtpSink({
      port: message.port,
      answerAfterMs: () => answerAfterMs,
      onMail: (recipient) => {
        count += 1
        lastAt = nowMs()
        if (each) tell({ recipient, at: lastAt })
      },
    })
    tell({ listensOn: await sink.start() })
  } else {
    each = message.each
    answerAfterMs = message.answerAfterMs
  }
})
// One message for many mails: the telling must cost little.
setInterval(() => {
  if (count === told) return
  told = count
  tell({ count, lastAt })
}, tellMs)
process.once('disconnect', () => process.exit())
