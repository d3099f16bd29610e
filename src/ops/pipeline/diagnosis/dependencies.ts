import type { Problem } from '../../contract/overview.ts'
import type { Facts } from '../facts.ts'
import { format, list, problem } from './problem.ts'
import type { Trends } from './trends.ts'

export function dependencies({ log, kafka }: Facts): Problem[] {
  return [
    ...(log
      ? []
      : [
          problem(
            'postgres-away',
            'broken',
            'log',
            'Postgres does not answer',
            'No review can be written or read while it is away.',
            'Start it, or look at its log for the reason.',
            'thereview start postgres',
          ),
        ]),
    ...(kafka
      ? []
      : [
          problem(
            'kafka-away',
            'broken',
            'topics',
            'Kafka does not answer',
            'Reviews are still accepted and wait in the log; nothing is lost, and no effect happens.',
            'Start the brokers: two of three are enough.',
            'thereview start kafka-1',
            '/cluster',
          ),
        ]),
    ...(kafka?.missingTopics.length
      ? [
          problem(
            'topics-missing',
            'broken',
            'topics',
            `${list(kafka.missingTopics)} missing`,
            'The cluster lacks topics that TheReview declares.',
            'Create them from their declaration.',
            'thereview topics apply',
            '/topics',
          ),
        ]
      : []),
  ]
}

export function api({ services, log }: Facts, { apiErrorsPerSecond }: Trends): Problem[] {
  const seen = services.find(({ name }) => name === 'api')
  if (!seen || !log) return []
  if (seen.state === 'down') {
    return [
      problem(
        'api-down',
        'broken',
        'api',
        'The API does not answer',
        'No review is accepted.',
        seen.hangs
          ? 'It takes connections and hangs: restart it.'
          : 'Start it, or look at its log for the reason.',
        seen.hangs ? 'thereview restart api' : 'thereview start api',
      ),
    ]
  }
  const away = seen.away.filter((name) => name !== 'kafka')
  return [
    ...(away.length > 0
      ? [
          problem(
            'api-degraded',
            'warning',
            'api',
            `The API cannot reach ${list(away)}`,
            away.includes('redis')
              ? 'Reads go to Postgres and are slower; writes are not touched.'
              : 'It goes on without.',
            `Start ${list(away)}.`,
            `thereview start ${away[0] ?? ''}`.replace('_', '-'),
          ),
        ]
      : []),
    ...((apiErrorsPerSecond ?? 0) > 0.05
      ? [
          problem(
            'api-errors',
            'late',
            'api',
            'The API answers with errors',
            `${format(apiErrorsPerSecond ?? 0)} answers a second have a status of 500 or more.`,
            'Find the reason under its trace id in the log of the API.',
            'thereview logs api',
          ),
        ]
      : []),
  ]
}
