import { Counter, type Registry } from 'prom-client'

export function cacheMetrics(registry: Registry) {
  const registers = [registry]
  return {
    reads: new Counter({
      name: 'thereview_cache_reads_total',
      help: 'Reads through the cache: hit, miss, or error where Redis was away and the reader did without it',
      labelNames: ['result'],
      registers,
    }),
    fills: new Counter({
      name: 'thereview_cache_fills_total',
      help: 'Fills after a miss: kept, refused below a fence, or error',
      labelNames: ['result'],
      registers,
    }),
    fences: new Counter({
      name: 'thereview_cache_fences_total',
      help: 'Fences that were raised or repeated',
      registers,
    }),
  }
}
