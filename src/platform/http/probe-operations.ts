import { Type } from 'typebox'
import { Closed } from '../../contracts/fields.ts'
import type { Operation } from './openapi/operation.ts'

const tag = 'Service'

const Up = Type.Literal('up')
const Health = Closed(
  {
    status: Type.String({
      enum: ['ok', 'degraded', 'draining', 'unavailable'],
      description:
        '`ok`, or `degraded` without a dependency that writes can do without; `draining` while the process ends, ' +
        '`unavailable` without Postgres.',
    }),
    dependencies: Type.Record(
      Type.String(),
      Closed(
        {
          status: Type.Union([Up, Type.Literal('down')]),
          latency_ms: Type.Integer({ minimum: 0, description: 'How long it took to find out.' }),
          error: Type.Optional(Type.String({ description: 'Why it is down, as a code.' })),
        },
        { title: 'DependencyHealth' },
      ),
      { description: 'By name: `postgres`, `kafka`, `redis`, `schema_registry`.' },
    ),
  },
  { title: 'Health' },
)

export const getLiveness: Operation = {
  id: 'getLiveness',
  tag,
  summary: 'Is the process alive?',
  description:
    'Answers as long as the process can answer at all, whatever else is away. Restart it when it does not.',
  credentials: 'none',
  answers: {
    200: { description: 'It is.', schema: Closed({ status: Type.Literal('ok') }, { title: 'Liveness' }) },
  },
  examples: { alive: { summary: 'Alive', status: 200, answer: { status: 'ok' } } },
}

export const getReadiness: Operation = {
  id: 'getReadiness',
  tag,
  summary: 'Can it serve requests?',
  description: `Answers 200 as long as reviews can be written and read, also when Kafka, Redis or the schema registry
are away. Send no requests to a process that answers 503.`,
  credentials: 'none',
  answers: {
    200: { description: 'It can.', schema: Health },
    503: {
      description: 'It cannot: Postgres is away, or the process is about to end.',
      headers: ['Retry-After'],
      schema: Health,
    },
  },
  examples: {
    degraded: {
      summary: 'Ready, though Kafka is away',
      status: 200,
      answer: {
        status: 'degraded',
        dependencies: {
          postgres: { status: 'up', latency_ms: 1 },
          kafka: { status: 'down', latency_ms: 1000, error: 'TimeoutError' },
          redis: { status: 'up', latency_ms: 0 },
          schema_registry: { status: 'up', latency_ms: 3 },
        },
      },
    },
  },
}

export const getMetrics: Operation = {
  id: 'getMetrics',
  tag,
  summary: 'Read the metrics',
  description:
    'What this process counts and measures, as Prometheus text. With authentication, for operators.',
  credentials: 'required',
  scope: 'metrics:read',
  answers: { 200: { description: 'The metrics.', mediaType: 'text/plain', schema: Type.String() } },
}
