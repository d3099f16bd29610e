import { setTimeout as pause } from 'node:timers/promises'
import type { Section } from '../bench.ts'
import { Histogram } from '../driver/histogram.ts'
import { latencyFigures } from '../load/figures.ts'
import { OneEvent } from '../load/one-event.ts'
import { newRunId } from '../load/reviews.ts'

const entities = 50

export const oneEventSection: Section = {
  letter: 'e',
  title: 'One event at a time, from its 201',
  async run({ target, sizes, say }) {
    say(`${sizes.singleEvents} reviews, one after the other`)
    await target.untilQuiet()
    target.inbox.tell({ each: true, answerAfterMs: 0 })
    const [answers, statistics, mails, own] = [
      new Histogram(),
      new Histogram(),
      new Histogram(),
      new Histogram(),
    ]
    const events = new OneEvent(target, newRunId(), entities)
    const withToken = new OneEvent(target, newRunId(), entities)
    try {
      // The first ones open connections.
      await events.post(0)
      await withToken.postAndReadOwn(0)
      for (let n = 1; n <= sizes.singleEvents; n += 1) {
        await betweenEvents()
        const { answer, statistic, mail } = await events.post(n)
        answers.record(answer)
        statistics.record(statistic)
        mails.record(mail)
      }
      for (let n = 1; n <= sizes.singleEvents / 2; n += 1) {
        await betweenEvents()
        own.record(await withToken.postAndReadOwn(n))
      }
    } finally {
      events.close()
      withToken.close()
      target.inbox.tell({ each: false, answerAfterMs: 0 })
    }
    return [
      { id: 'e.answer', label: 'the 201 itself, from the request', figures: latencyFigures(answers) },
      { id: 'e.statistic', label: 'until the statistic shows it', figures: latencyFigures(statistics) },
      {
        id: 'e.own',
        label: 'until a read with its Consistency-Token is answered',
        figures: latencyFigures(own),
      },
      { id: 'e.mail', label: 'until the mail is in the inbox', figures: latencyFigures(mails) },
      { id: 'e.webhook', label: 'until the webhook is delivered', figures: [], note: 'not built' },
    ]
  },
}

/** Uneven, so that no event meets the same moment of somebody's timer as the one before. */
function betweenEvents(): Promise<void> {
  return pause(5 + Math.random() * 25)
}
