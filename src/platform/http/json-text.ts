import type { FastifyReply } from 'fastify'

/** Sends JSON that is text already, as it is. */
export function sendJsonText(reply: Pick<FastifyReply, 'type'>, json: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json)
}
