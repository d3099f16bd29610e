import type { ProblemCode } from '../problem.ts'
import type { Exchange, Operation } from './operation.ts'
import { isObject, type Json } from './schemas.ts'

/** What a route's exchanges show of one parameter. */
export function examplesOfParameter(
  { examples = {} }: Operation,
  place: 'path' | 'query',
  name: string,
): Json | undefined {
  return collected(examples, ({ summary, [place]: given }) =>
    given?.[name] === undefined ? null : { summary, value: given[name] },
  )
}

/** Bodies to follow; those that are refused stand beside their answers. */
export function examplesOfBody({ examples = {} }: Operation): Json | undefined {
  return collected(examples, ({ summary, body, status }) =>
    body === undefined || status >= 400 ? null : { summary, value: body },
  )
}

/** Answers of one status, each with what it answers as far as that is not shown elsewhere. */
export function examplesOfAnswer({ examples = {} }: Operation, wanted: string): Json | undefined {
  return collected(examples, ({ summary, headers = {}, body, status, answer }) => {
    if (String(status) !== wanted) return null
    const sent = Object.entries(headers).map(([name, value]) => `\`${name}: ${value}\``)
    const refused = body !== undefined && status >= 400 ? [`\`${JSON.stringify(body)}\``] : []
    const to = [...sent, ...refused].join(' and ')
    return { summary, ...(to && { description: `The answer to ${to}.` }), value: answer }
  })
}

/** Whether an exchange of the route ends with this problem. */
export function showsProblem({ examples = {} }: Operation, wanted: string, code: ProblemCode): boolean {
  return Object.values(examples).some(
    ({ status, answer }) => String(status) === wanted && isObject(answer) && answer.code === code,
  )
}

function collected(
  exchanges: Readonly<Record<string, Exchange>>,
  example: (exchange: Exchange) => Json | null,
): Json | undefined {
  const found = Object.entries(exchanges).flatMap(([name, exchange]) => {
    const shown = example(exchange)
    return shown ? [[name, shown]] : []
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}
