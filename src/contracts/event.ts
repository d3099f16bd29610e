import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { AggregateId, Closed, Id, Timestamp, Uuid } from './fields.ts'
import type { Topic } from './topics.ts'

const Metadata = Closed({
  correlation_id: Type.String({ minLength: 1, maxLength: 128 }),
  trace_id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  user_id: Type.Optional(Id),
})

export type EventMetadata = Static<typeof Metadata>

/** The envelope of every event, as it stands in the log's columns and in a record's value. */
export interface Envelope {
  readonly event_id: string
  readonly event_type: string
  readonly timestamp: string
  readonly aggregate_id: string
  readonly aggregate_type: string
  /** Absent on events that belong to no aggregate of the log: commands and views. */
  readonly aggregate_version?: number
  readonly data: object
  readonly metadata: EventMetadata
}

/** Brings the data of an older producer's event to today's form, before it is validated. */
export type Upcaster = (data: Record<string, unknown>) => Record<string, unknown>

interface Declaration<Type extends string, Data extends TObject, Versioned extends boolean> {
  readonly type: Type
  readonly topic: Topic
  readonly aggregateType: string
  /**
   * Whether every event of this type comes from the log, with a version of its aggregate. Consumers refuse
   * one that the log does not know, and restore one that they missed.
   */
  readonly versioned: Versioned
  readonly data: Data
  readonly upcasters?: readonly Upcaster[]
  /** One valid `data`, for documentation, fixtures and tests. */
  readonly example: Static<Data>
}

export interface EventDefinition<
  T extends string = string,
  Data extends TObject = TObject,
  Versioned extends boolean = boolean,
> extends Omit<Declaration<T, Data, Versioned>, 'upcasters'> {
  readonly upcasters: readonly Upcaster[]
  /** JSON Schema of the whole envelope, closed, as registered under the subject `type`. */
  readonly schema: TSchema
}

/** The TypeScript type of an event, taken from its definition. */
export type EventOf<D extends EventDefinition> =
  D extends EventDefinition<infer T, infer Data, infer Versioned>
    ? Omit<Envelope, 'event_type' | 'data' | 'aggregate_version'> & {
        readonly event_type: T
        readonly data: Static<Data>
      } & (Versioned extends true
          ? { readonly aggregate_version: number }
          : { readonly aggregate_version?: number })
    : never

/** Declares an event once: its type, registered schema, documentation and fixtures all come from here. */
export function defineEvent<const T extends string, Data extends TObject, const Versioned extends boolean>(
  declaration: Declaration<T, Data, Versioned>,
): EventDefinition<T, Data, Versioned> {
  const version = Type.Integer({ minimum: 1 })
  return {
    ...declaration,
    upcasters: declaration.upcasters ?? [],
    schema: Type.Object(
      {
        event_id: Uuid,
        event_type: Type.Literal(declaration.type),
        timestamp: Timestamp,
        aggregate_id: AggregateId,
        aggregate_type: declaration.versioned
          ? Type.Literal(declaration.aggregateType)
          : Type.String({ minLength: 1 }),
        aggregate_version: declaration.versioned ? version : Type.Optional(version),
        data: declaration.data,
        metadata: Metadata,
      },
      { additionalProperties: false, title: declaration.type },
    ),
  }
}
