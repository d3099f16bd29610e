import { card } from './stack-card.ts'
import { runStack } from './stack-up.ts'
import type { Message } from './stack-up-detached.ts'

/** The process behind `up -d`. It tells its parent how it comes up, and lives on when the parent leaves. */
const [, , folder = ''] = process.argv

process.exitCode = await runStack(folder, {
  notice: (text) => send({ type: 'notice', text }),
  starting: (stack) => {
    const tell = () => send({ type: 'parts', parts: stack.status() })
    const timer = setInterval(tell, 100)
    // Its parent was ended before the stack was ready: nobody waits for it any more.
    const abandon = () => void stack.stop()
    process.once('disconnect', abandon)
    return {
      end: () => {
        clearInterval(timer)
        tell()
        process.off('disconnect', abandon)
      },
    }
  },
  ready: (stack, seconds) => send({ type: 'ready', card: card(stack, { seconds, isDetached: true }) }),
  failed: (message) => {
    process.stderr.write(`${message}\n`)
    send({ type: 'failed', message })
  },
})
if (process.connected) process.disconnect?.()

function send(message: Message): void {
  if (process.connected && process.send) process.send(message)
}
