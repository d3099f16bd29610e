import type { TSchema } from 'typebox'

/**
 * The open variant of a closed schema: the same constraints, but fields it does not know are let through, so
 * that a consumer of today reads what a producer of tomorrow adds. Maps (`additionalProperties` holding a
 * schema) stay as they are.
 */
export function openVariant(schema: TSchema): TSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => keyword !== 'additionalProperties' || value !== false)
      .map(([keyword, value]) => [keyword, openNode(value)]),
  )
}

function openNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(openNode)
  return typeof node === 'object' && node !== null ? openVariant(node) : node
}
