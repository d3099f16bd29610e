import type { Command } from 'commander'
import { variablesText } from '../platform/config/document.ts'
import { everyService } from '../platform/config/every-service.ts'
import { variablesOf } from '../services/variables.ts'
import { stackEnvironment } from './stack-environment.ts'

/** Each service is a process; a command of its own name runs it in this terminal. */
const services = [
  { name: 'api', about: 'the HTTP API', run: () => import('../services/api.ts') },
  { name: 'relay', about: 'publishes the log to Kafka', run: () => import('../services/relay.ts') },
  {
    name: 'notification-worker',
    about: 'sends mail',
    run: () => import('../services/notification-worker.ts'),
  },
  {
    name: 'analytics-worker',
    about: 'keeps the statistics',
    run: () => import('../services/analytics-worker.ts'),
  },
  {
    name: 'cache-worker',
    about: 'clears what is cached of reviews that changed',
    run: () => import('../services/cache-worker.ts'),
  },
  { name: 'ops', about: "Kafka's metrics, and an operator's tools", run: () => import('../services/ops.ts') },
] as const

export function register(program: Command): void {
  for (const { name, about, run } of services) {
    program
      .command(name)
      .summary(`run one service in this terminal: ${about}`)
      .description(
        `Runs the ${name}: ${about}. Addresses that the environment does not give are those of the running local stack.`,
      )
      .addHelpText('after', exampleOf(name))
      .addHelpText('after', () => `\n${variablesText([...variablesOf[name], ...everyService])}`)
      .action(async () => {
        Object.assign(process.env, await stackEnvironment())
        await run()
      })
  }
}

function exampleOf(name: string): string {
  return `
Example: in place of the one that the stack runs, with more to read.
  npm run -s thereview -- stop ${name}
  LOG_LEVEL=debug npm run -s thereview -- ${name}`
}
