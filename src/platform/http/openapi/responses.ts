import { type ProblemCode, problemMediaType } from '../problem.ts'
import type { DescribedRoute } from './described-route.ts'
import { examplesOfAnswer, showsProblem } from './examples.ts'
import { headersOfEveryAnswer } from './headers.ts'
import type { Answer } from './operation.ts'
import { problemsByStatus } from './problem-codes.ts'
import { answerOfProblems, exampleOfProblem, Problem } from './problems.ts'
import { isObject, type Json, opened, type SchemaComponents } from './schemas.ts'

/** Makes the `responses` of operations, and keeps those that are the same for several as components. */
export class Responses {
  readonly #schemas: SchemaComponents
  readonly #problem: unknown
  readonly #shared = new Map<string, Json>()

  constructor(schemas: SchemaComponents) {
    this.#schemas = schemas
    this.#problem = schemas.refer(Problem)
  }

  /** By name, in the order of names. */
  shared(): Json {
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  of(route: DescribedRoute, { open }: { open: boolean }): Json {
    const problems = problemsByStatus(route, open)
    const { answers } = route.operation
    const statuses = [...new Set([...Object.keys(answers), ...problems.keys()])].sort()
    return Object.fromEntries(
      statuses.map((status) => {
        const answer = answers[Number(status)]
        const codes = problems.get(status) ?? []
        if (!answer) return [status, this.#problems(route, status, codes)]
        const own = this.#answer(route, status, answer)
        return [status, codes.length === 0 ? own : either(own, this.#answerOf(codes))]
      }),
    )
  }

  #answer({ schema, operation }: DescribedRoute, status: string, answer: Answer): Json {
    const { description, headers = [], mediaType = 'application/json', links } = answer
    const responses = isObject(schema.response) ? schema.response : {}
    const body = this.#schemas.refer(opened(answer.schema ?? responses[status]))
    const hasBody = isObject(body) && body.type !== 'null'
    const examples = examplesOfAnswer(operation, status)
    return {
      description,
      headers: referToHeaders([...headers, ...headersOfEveryAnswer]),
      ...(hasBody && { content: { [mediaType]: { schema: body, ...(examples && { examples }) } } }),
      ...(links && { links }),
    }
  }

  #problems({ operation }: DescribedRoute, status: string, codes: readonly ProblemCode[]): Json {
    const answer = this.#answerOf(codes)
    const examples = examplesOfAnswer(operation, status)
    // Where a route shows how it comes to the problem, the answer is its own.
    if (examples) {
      const others = codes.filter((code) => !showsProblem(operation, status, code)).map(exampleOfProblem)
      const media = {
        ...answer.content[problemMediaType],
        examples: { ...examples, ...Object.fromEntries(others) },
      }
      return { ...answer, content: { [problemMediaType]: media } }
    }
    const name = codes.join('_or_')
    this.#shared.set(name, { ...answer })
    return { $ref: `#/components/responses/${name}` }
  }

  #answerOf(codes: readonly ProblemCode[]) {
    return answerOfProblems(codes, { problem: this.#problem, headers: referToHeaders })
  }
}

/** An answer that shares its status with problems: its media type tells which it is. */
function either(own: Json, problem: ReturnType<typeof answerOfProblems>): Json {
  const content = isObject(own.content) ? own.content : {}
  return {
    ...own,
    description: `${own.description}\n\nOr ${problem.description}`,
    content: { ...content, ...problem.content },
  }
}

function referToHeaders(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
