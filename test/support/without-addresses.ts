const addresses =
  /^(DATABASE_URL|REDIS_URL|KAFKA_BROKERS|KAFKA_PREFIX|SCHEMA_REGISTRY_URL|SMTP_URL|MAIL_INBOX_URL|ZIPKIN_URL|OTEL_EXPORTER_OTLP_ENDPOINT)$/

/** For a stack that starts parts of its own, whatever an environment names: those are somebody's. */
export function withoutAddresses(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !addresses.test(name)))
}
