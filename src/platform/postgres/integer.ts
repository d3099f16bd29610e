/** The largest `integer` of Postgres, as which versions are kept: it refuses a statement that asks for a larger one. */
export const mostInteger = 2_147_483_647
