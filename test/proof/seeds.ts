/** Every run of `npm test` tells the same stories, so that it fails for what was changed; `npm run test:soak` tells new ones. */
export const SEEDS = [20_261_120, 1_028_765_605, 451_397_845] as const;
