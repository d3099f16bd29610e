import type { VariableName } from '../platform/config.ts'

const stores = ['DATABASE_URL', 'REDIS_URL', 'CACHE_TTL_SECONDS'] as const
const kafka = ['KAFKA_BROKERS', 'KAFKA_PREFIX'] as const

/** What each process reads, beside what every one does. */
export const variablesOf = {
  api: [
    ...stores,
    'DATABASE_POOL_SIZE',
    ...kafka,
    'SCHEMA_REGISTRY_URL',
    'API_HOST',
    'API_PORT',
    'API_ALLOWED_HOSTS',
    'CORS_ORIGINS',
    'TRUST_PROXY',
    'STATS_PRIOR_MEAN',
    'STATS_PRIOR_WEIGHT',
    'AUTH_JWKS_URL',
    'AUTH_SECRET',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'ALLOW_UNAUTHENTICATED',
    'RATE_LIMITS',
    'RATE_LIMIT_PER_USER',
    'RATE_LIMIT_PER_KEY',
    'RATE_LIMIT_PER_ADDRESS',
  ],
  relay: ['DATABASE_URL', ...kafka, 'SCHEMA_REGISTRY_URL', 'PROBES_HOST', 'RELAY_PORT'],
  'notification-worker': [
    'DATABASE_URL',
    ...kafka,
    'INSTANCE_ID',
    'SMTP_URL',
    'SMTP_CONNECTIONS',
    'MAIL_FROM',
    'MAIL_FALLBACK_DOMAIN',
    'AUTH_JWKS_URL',
    'AUTH_SECRET',
    'PROBES_HOST',
    'NOTIFICATION_WORKER_PORT',
  ],
  'analytics-worker': [...stores, ...kafka, 'INSTANCE_ID', 'PROBES_HOST', 'ANALYTICS_WORKER_PORT'],
  'cache-worker': [...stores, ...kafka, 'INSTANCE_ID', 'PROBES_HOST', 'CACHE_WORKER_PORT'],
  ops: [
    'DATABASE_URL',
    ...kafka,
    'KAFKA_REPLICATION_FACTOR',
    'SCHEMA_REGISTRY_URL',
    'PROBES_HOST',
    'EXPORTER_PORT',
    'CONSOLE_HOST',
    'CONSOLE_PORT',
    'CONSOLE_ALLOWED_HOSTS',
    'ENVIRONMENT',
    'SERVICE_URLS',
    'METRICS_API_KEY',
    'PROMETHEUS_URL',
    'API_PORT',
    'RELAY_PORT',
    'NOTIFICATION_WORKER_PORT',
    'ANALYTICS_WORKER_PORT',
    'CACHE_WORKER_PORT',
    'AUTH_JWKS_URL',
    'AUTH_SECRET',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'ALLOW_UNAUTHENTICATED',
    'ZIPKIN_URL',
  ],
  prepare: ['DATABASE_URL', ...kafka, 'KAFKA_REPLICATION_FACTOR', 'SCHEMA_REGISTRY_URL'],
} as const satisfies Record<string, readonly VariableName[]>

export type ProcessName = keyof typeof variablesOf

export const processNames = Object.keys(variablesOf) as ProcessName[]
