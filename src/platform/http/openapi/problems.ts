import { Type } from 'typebox'
import {
  type ProblemBody,
  type ProblemCode,
  type ProblemDetail,
  problemBody,
  problemMediaType,
  problemTypes,
} from '../problem.ts'
import { headersOfEveryAnswer, type ResponseHeader, responseHeaders } from './headers.ts'
import { explanations } from './problem-explanations.ts'
import type { Json } from './schemas.ts'

const ProblemDetailBody = Type.Object(
  {
    in: Type.String({
      enum: ['body', 'query', 'path', 'header'],
      description: 'The part of the request.',
    }),
    pointer: Type.String({ description: 'The place in that part, a JSON Pointer (RFC 6901).' }),
    code: Type.String({
      description:
        'What is wrong, for programs. `required`: it is missing. `unknown`: it may not be there. `type`, `enum`, ' +
        '`pattern`, `format`, `minimum`, `maxLength`, …: the keyword of JSON Schema that it breaks. `encoding`, ' +
        '`repeated`: the query is not percent-encoded UTF-8, or has a parameter twice. `range`: it does not go with ' +
        'another value. `half_character`: a text has a lone surrogate.',
    }),
    detail: Type.String({ description: 'What is wrong, for people.' }),
  },
  { title: 'ProblemDetail', description: 'One thing that is wrong with a request.' },
)

export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: '`/problems/` and the code.' }),
    title: Type.String({ description: 'The same for every problem of this code.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong this time, for people. Never parse it.' }),
    instance: Type.String({ description: 'The path that was asked for.' }),
    code: Type.String({ description: 'What to decide on: stable, and the same wherever it occurs.' }),
    trace_id: Type.String({
      pattern: '^[0-9a-f]{32}$',
      description: 'Under this id our logs tell more. Give it when you ask for help.',
    }),
    errors: Type.Array(ProblemDetailBody, {
      description: 'Each thing that is wrong with the request; empty unless the code is `validation_failed`.',
    }),
  },
  { title: 'Problem', description: 'What went wrong (RFC 9457, `application/problem+json`).' },
)

const reviewUrl = '/api/v1/reviews/019a0c5e-7b1f-7c3a-9d55-2f6f0a4a1b2c'
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const someDetail = {
  in: 'body',
  pointer: '/rating',
  code: 'maximum',
  detail: 'must be <= 5',
} as const

/** A problem as it is answered at a path. */
export function exampleProblem(
  code: ProblemCode,
  instance: string,
  {
    detail,
    ...more
  }: { detail: string; errors?: readonly ProblemDetail[]; members?: Record<string, string> },
): ProblemBody {
  return problemBody(code, { detail, instance, traceId }, more)
}

/** A problem of this code as an example of the document. */
export function componentExample(code: ProblemCode): Json {
  const { detail, members = {} } = explanations[code]
  const extra = Object.fromEntries(Object.entries(members).map(([name, { example }]) => [name, example]))
  const errors = code === 'validation_failed' ? [someDetail] : []
  const value = exampleProblem(code, reviewUrl, { detail, errors, members: extra })
  return { summary: problemTypes[code].title, value }
}

/** The name of a code's example, and a reference to it. */
export function exampleOfProblem(code: ProblemCode): [string, Json] {
  return [code, { $ref: `#/components/examples/${code}` }]
}

export interface ProblemAnswer {
  readonly description: string
  readonly headers: Json
  readonly content: { readonly [problemMediaType]: Json }
}

/** The answer for problems of one status, which its codes tell apart. `reference` puts a header's name into place. */
export function answerOfProblems(
  codes: readonly ProblemCode[],
  { problem, headers }: { problem: unknown; headers: (names: readonly ResponseHeader[]) => Json },
): ProblemAnswer {
  const own = [...new Set(codes.flatMap(headersOf))]
  const always = own.filter((name) => codes.every((code) => headersOf(code).includes(name)))
  const sometimes = own.filter((name) => !always.includes(name))
  return {
    description: codes.map((code) => `\`${code}\`: ${explanations[code].text}`).join('\n\n'),
    headers: {
      ...headers([...always, ...headersOfEveryAnswer]),
      ...Object.fromEntries(sometimes.map((name) => [name, headerOfSome(name, codes)])),
    },
    content: {
      [problemMediaType]: {
        schema: { allOf: [problem, ownMembers(codes)] },
        examples: Object.fromEntries(codes.map(exampleOfProblem)),
      },
    },
  }
}

const headersOf = (code: ProblemCode) => explanations[code].headers ?? []

/** A header that comes with some of these codes alone. */
function headerOfSome(name: ResponseHeader, codes: readonly ProblemCode[]): Json {
  const { description, ...header } = responseHeaders[name]
  const having = codes.filter((code) => headersOf(code).includes(name)).map((code) => `\`${code}\``)
  return { ...header, required: false, description: `With ${having.join(', ')}: ${description}` }
}

/** A member of one code is always there only where no other code has this status. */
function ownMembers(codes: readonly ProblemCode[]): Json {
  const members = codes.flatMap((code) => Object.entries(explanations[code].members ?? {}))
  const properties = {
    status: { type: 'integer', enum: [...new Set(codes.map((code) => problemTypes[code].status))] },
    code: { type: 'string', enum: [...codes] },
    ...Object.fromEntries(members.map(([name, { schema }]) => [name, schema])),
  }
  const required = ['status', 'code', ...(codes.length === 1 ? members.map(([name]) => name) : [])]
  return { type: 'object', required, properties }
}
