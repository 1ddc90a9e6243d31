/** A block measured for a width, that is drawn whole on one page. */
export interface Prepared {
  readonly height: number;
  draw(x: number, y: number): void;
}
