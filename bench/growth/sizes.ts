/** So many questions are worked in earnest; the others are copies of them under ids of their own. */
export const TEMPLATE = 1_000;
/** The stored questions of a row of the table. */
export const SIZES = [10_000, 100_000, 1_000_000];
/** Those of the rows on Kafka and MongoDB. */
export const SERVER_SIZES = [10_000, 100_000];
