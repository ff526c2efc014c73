/** What the whole column says of its decimals. */
export interface NumberFacts {
  /** Most digits before the point, and fewest and most after it. */
  readonly whole: number;
  readonly scaleMin: number;
  readonly scaleMax: number;
}
