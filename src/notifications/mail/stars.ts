/** A rating of 1 to 5 in halves as five places: full, half or empty. */
export function starsOf(rating: number): { full: string; empty: string } {
  const whole = Math.floor(rating)
  const half = rating > whole
  return { full: '★'.repeat(whole) + (half ? '½' : ''), empty: '☆'.repeat(5 - whole - (half ? 1 : 0)) }
}

/** `4.5 out of 5` */
export function outOfFive(rating: number): string {
  return `${rating} out of 5`
}
