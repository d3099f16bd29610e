import { type Config, readConfig } from '../platform/config.ts'
import { AppError } from '../platform/errors.ts'
import type { Admin } from '../platform/kafka/admin.ts'
import { kafkaCodes } from '../platform/kafka/client-error.ts'
import { createKafka, type Kafka } from '../platform/kafka/kafka.ts'
import { createLogger } from '../platform/telemetry/logger.ts'
import { homeFolder } from './stack.ts'
import { stackEnvironment } from './stack-environment.ts'

const names = ['KAFKA_BROKERS', 'KAFKA_PREFIX', 'KAFKA_REPLICATION_FACTOR'] as const

type KafkaConfig = Pick<Config, (typeof names)[number]>

/** The cluster that the environment names, else that of the running local stack. */
export async function withKafka<T>(work: (kafka: Kafka, config: KafkaConfig) => Promise<T>): Promise<T> {
  const environment = await stackEnvironment()
  if (!environment.KAFKA_BROKERS) {
    const remedy = 'Start it with "npm start", or set KAFKA_BROKERS to a cluster of yours.'
    throw new AppError('not_running', 'fatal', `No stack is running in ${homeFolder()}. ${remedy}`)
  }
  const config = readConfig(names, environment)
  const kafka = createKafka({
    brokers: config.KAFKA_BROKERS,
    prefix: config.KAFKA_PREFIX,
    clientId: 'thereview-cli',
    // What fails is thrown, and said once; the port's own log would stand among the output.
    log: createLogger({ service: 'cli', level: 'silent', format: 'json' }),
  })
  try {
    return await work(kafka, config)
  } catch (error) {
    throw error instanceof AppError && error.code === 'unavailable'
      ? withBrokers(error, config.KAFKA_BROKERS)
      : error
  }
}

export function withAdmin<T>(work: (admin: Admin, config: KafkaConfig) => Promise<T>): Promise<T> {
  return withKafka((kafka, config) => {
    const admin = kafka.admin()
    return work(admin, config).finally(() => admin.close())
  })
}

function withBrokers(error: AppError, brokers: readonly string[]): AppError {
  const codes = [...new Set(kafkaCodes(error))]
  const said = codes.length > 0 ? ` (${codes.join(', ')})` : ''
  const message = `No answer from Kafka at ${brokers.join(', ')}${said}. Is it running? "thereview status" tells.`
  return new AppError(error.code, error.verdict, message, { cause: error })
}
