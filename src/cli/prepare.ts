import type { Command } from 'commander'
import { actor } from './actor.ts'
import { assertOneDeployment, stackEnvironment } from './stack-environment.ts'

export function register(program: Command): void {
  program
    .command('prepare')
    .summary('migrate the database, apply the topics, register the schemas')
    .description(
      'Brings database, topics and schemas to what this version declares; doing it again changes nothing.\n' +
        'Reads DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX, KAFKA_REPLICATION_FACTOR and SCHEMA_REGISTRY_URL;\n' +
        'addresses that the environment does not give are those of the running local stack.',
    )
    .addHelpText('after', '\nExample:\n  npm run -s thereview -- prepare')
    .action(runPrepare)
}

async function runPrepare(): Promise<void> {
  const [{ prepare }, { readConfig }, { createKafka }, { createPool }, { createLogger }] = await Promise.all([
    import('../ops/prepare.ts'),
    import('../platform/config.ts'),
    import('../platform/kafka/kafka.ts'),
    import('../platform/postgres/pool.ts'),
    import('../platform/telemetry/logger.ts'),
  ])
  assertOneDeployment()
  const config = readConfig(
    ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_PREFIX', 'KAFKA_REPLICATION_FACTOR', 'SCHEMA_REGISTRY_URL'],
    await stackEnvironment(),
  )
  const log = createLogger({ service: 'prepare', level: 'warn', format: 'json' })
  const pool = createPool({ url: config.DATABASE_URL, size: 2, applicationName: 'thereview prepare' })
  const kafka = createKafka({
    brokers: config.KAFKA_BROKERS,
    prefix: config.KAFKA_PREFIX,
    clientId: 'prepare',
    log,
  })
  const url = config.SCHEMA_REGISTRY_URL
  try {
    await prepare({
      pool,
      kafka,
      actor: actor(),
      replicationFactor: config.KAFKA_REPLICATION_FACTOR,
      registry: url === null ? null : { url, prefix: config.KAFKA_PREFIX },
      say: (line) => process.stdout.write(`${line}\n`),
    })
  } finally {
    await pool.end()
  }
}
