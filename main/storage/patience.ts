/** How long the rare requests may take, ms. */

/** Lists, beginnings, deletions: seconds, even where a store is slow. */
export const USUAL_MS = 60_000;

/** Stores put ten thousand parts together before they answer. */
export const COMPLETE_MS = 10 * 60_000;
