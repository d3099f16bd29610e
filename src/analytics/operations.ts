import type { Exchange, Operation } from '../platform/http/openapi/operation.ts'
import { exampleProblem } from '../platform/http/openapi/problems.ts'

const tag = 'Statistics'
const path = { entity_type: 'product', entity_id: 'prod-123' }

const none = { '1': 0, '1.5': 0, '2': 0, '2.5': 0, '3': 0, '3.5': 0, '4': 0, '4.5': 0, '5': 0 }
const statistics = {
  ...path,
  count: 1,
  average: 4.5,
  histogram: { ...none, '4.5': 1 },
  bayesian_average: 3.59,
  updated_at: '2026-11-23T10:30:00.000Z',
  revision: 1,
  position: 1,
}

const statsExamples = {
  with_a_write: {
    summary: 'With the write that the token names',
    path,
    headers: { 'Consistency-Token': 'WyIwMTlhMGM1ZS03YjFmLTdjM2EtOWQ1NS0yZjZmMGE0YTFiMmMiLDEsMV0' },
    status: 200,
    answer: statistics,
  },
  not_reviewed: {
    summary: 'Of a thing that nobody has reviewed',
    path: { entity_type: 'service', entity_id: 'delivery' },
    status: 200,
    answer: {
      entity_type: 'service',
      entity_id: 'delivery',
      count: 0,
      average: 0,
      histogram: none,
      bayesian_average: 0,
      updated_at: null,
      revision: 0,
      position: 0,
    },
  },
} satisfies Record<string, Exchange>

const seriesExamples = {
  three_days: {
    summary: 'Three days',
    path,
    query: { from: '2026-11-21', to: '2026-11-24' },
    status: 200,
    answer: {
      items: [
        { start: '2026-11-21T00:00:00.000Z', count: 0, average: 0, views: 0 },
        { start: '2026-11-22T00:00:00.000Z', count: 0, average: 0, views: 0 },
        { start: '2026-11-23T00:00:00.000Z', count: 1, average: 4.5, views: 0 },
      ],
    },
  },
  backwards: {
    summary: 'A range that ends before it begins',
    path,
    query: { from: '2026-11-24', to: '2026-11-21' },
    status: 422,
    answer: exampleProblem('validation_failed', '/api/v1/entities/product/prod-123/timeseries', {
      detail: 'query /from must not be later than the end of the range',
      errors: [
        {
          in: 'query',
          pointer: '/from',
          code: 'range',
          detail: 'must not be later than the end of the range',
        },
      ],
    }),
  },
} satisfies Record<string, Exchange>

export const getEntityStatistics: Operation = {
  id: 'getEntityStatistics',
  tag,
  summary: 'Read the statistics of a thing',
  description: `Answers how often and how well a thing is reviewed, over its live reviews. A thing that nobody has
reviewed has zeros and no 404: whether it exists is not for this call to know.

Statistics follow writes by milliseconds. To see a write of yours in them, send its \`Consistency-Token\`.`,
  credentials: 'optional',
  reads: ['Consistency-Token'],
  answers: { 200: { description: 'The statistics.', headers: ['Consistency-Status'] } },
  examples: statsExamples,
}

const dayOrTime = {
  anyOf: [
    { type: 'string', format: 'date' },
    { type: 'string', format: 'date-time' },
  ],
}

export const getEntityTimeSeries: Operation = {
  id: 'getEntityTimeSeries',
  tag,
  summary: 'Read the reviews and views of a thing by day',
  description: `Answers live reviews by the day (UTC) on which they were written, and views, for each day of the range
\`[from, to)\`, also those without any. Without \`to\` the range ends with today, without \`from\` it has 30 days; it
may have at most 366. Years from 1900 to 2999 will do.`,
  credentials: 'optional',
  forms: { from: dayOrTime, to: dayOrTime },
  answers: { 200: { description: 'One item for each day, in order.' } },
  examples: seriesExamples,
}
