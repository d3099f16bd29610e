import { murmur2 } from '@platformatic/kafka'

/**
 * The partition of a key, as the Java client's default partitioner chooses it, so that every client of any
 * language agrees on where an aggregate lives. (This client's own default masks the hash in another way.)
 */
export function partitionOf(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitions
}
