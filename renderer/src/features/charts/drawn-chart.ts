/** A chart that is on the page. */
export interface DrawnChart {
  resize(width: number, height: number): Promise<void>;
  svg(): Promise<string>;
  png(): Promise<Blob>;
  remove(): void;
}
