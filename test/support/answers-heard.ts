import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Operation } from '../../src/platform/http/openapi/operation.ts'
import { type Answer, Documented } from './documented.ts'

interface Heard {
  readonly routes: { readonly method: string; readonly url: string; readonly operation: Operation }[]
  readonly answers: (Answer & { readonly operationId: string })[]
}

/** Makes an API, and hears of its routes and of all that they answer. */
export async function hearAnswers<A extends { readonly app: FastifyInstance }>(make: () => Promise<A>) {
  const all = new Map<unknown, Heard>()
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    const heard: Heard = { routes: [], answers: [] }
    all.set(fastify.server, heard)
    listenTo(fastify, heard)
  }
  subscribe('fastify.initialization', listen)
  const made = await make().finally(() => unsubscribe('fastify.initialization', listen))
  const { routes, answers } = all.get(made.app.server) ?? { routes: [], answers: [] }

  /** What was answered otherwise than the document says. */
  const deviations = async (): Promise<string[]> => {
    const { statusCode, body } = await made.app.inject('/openapi.json')
    // Some tests leave an API behind that answers nothing any more.
    if (statusCode !== 200) return []
    const documented = new Documented(JSON.parse(body))
    return [...new Set(answers.flatMap((answer) => documented.deviations(answer.operationId, answer)))]
  }
  return { ...made, routes, deviations }
}

function listenTo(app: FastifyInstance, { routes, answers }: Heard): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.operation && method !== 'HEAD') {
      routes.push({ method: String(method), url, operation: config.operation })
    }
  })
  app.addHook('onSend', async ({ method, routeOptions }, reply, payload) => {
    const operationId = routeOptions.config.operation?.id
    // An answer to HEAD has no body.
    if (operationId && method !== 'HEAD') answers.push({ operationId, ...answerOf(reply, payload) })
    return payload
  })
}

function answerOf(reply: FastifyReply, payload: unknown): Answer {
  // What Fastify drops of an answer that has no body.
  if ([204, 304].includes(reply.statusCode)) return { ...headOf(reply), body: '' }
  const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? String(payload) : ''
  return { ...headOf(reply), body }
}

const headOf = (reply: FastifyReply) => ({ statusCode: reply.statusCode, headers: reply.getHeaders() })
