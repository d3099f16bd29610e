import { styleText } from 'node:util'
import type { RunningStack } from '../launcher/running-stack.ts'

const cli = 'npm run -s thereview --'

/** What a newcomer does next: where things are, a request to send, where to see what it did, how to stop. */
export function card(
  stack: RunningStack,
  { seconds, isDetached }: { seconds: number; isDetached: boolean },
): string {
  const parts = stack.status()
  const urlOf = (name: string) => parts.find((part) => part.name === name)?.url ?? ''
  const apiUrl = urlOf('api')
  const brokers = parts
    .filter(({ name }) => name.startsWith('kafka-'))
    .map(({ url }) => url?.replace('kafka://', ''))
  const places = [
    ['API', apiUrl],
    ['Console', urlOf('ops')],
    ['Mail inbox', urlOf('mail')],
    ['Traces', urlOf('traces')],
    ['Kafka', [...new Set(brokers)].join(', ')],
    ['Schema registry', urlOf('schema-registry')],
  ] as const
  const wide = 17
  return [
    '',
    styleText(['bold', 'green'], `TheReview is ready`) + styleText('dim', `  after ${seconds.toFixed(1)} s`),
    '',
    ...places.map(([what, where]) => `  ${what.padEnd(wide)}${where}`),
    `  ${'Postgres, Redis'.padEnd(wide)}eval "$(${cli} env)"`,
    `  ${'Data and logs'.padEnd(wide)}${stack.home.folder}`,
    '',
    styleText('bold', 'Post a review'),
    '',
    `  curl -X POST ${apiUrl}/api/v1/reviews -H 'Content-Type: application/json' \\`,
    `    -d '{"entity_type":"product","entity_id":"prod-123","user_id":"user-456","rating":5.0,"content":"This is an amazing product! Highly recommended."}'`,
    '',
    styleText('bold', 'See what it did'),
    '',
    `  its mail         ${urlOf('mail')}`,
    `  its statistics   curl ${apiUrl}/api/v1/entities/product/prod-123/stats`,
    `  its trace        ${urlOf('traces')}`,
    `  its events       ${cli} events tail --from-beginning`,
    `  all parts        ${cli} status`,
    '',
    isDetached ? `Stop with: npm run stop` : `Stop with Ctrl-C.`,
    '',
  ].join('\n')
}
