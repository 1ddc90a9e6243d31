/** One field that is wrong: `pointer` is a JSON pointer (RFC 6901) into the body. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** More than anybody mends at once; what is over is not made. */
export const MOST_FIELD_ERRORS = 50;
/** The characters of one part of a path, such as a key that a client made up. */
export const LONGEST_POINTER_PART = 100;
const LONGEST_POINTER = 400;
const LONGEST_DETAIL = 500;
export const LONGEST_MESSAGE = 4_000;

/**
 * As many errors as an answer may have, each as long as it may be: whatever was refused, the answer stays small. Who
 * makes errors from a client's text stops at the same number, so that they cost little too.
 */
export function boundedErrors(errors: readonly FieldError[]): readonly FieldError[] {
  return errors.slice(0, MOST_FIELD_ERRORS).map(({ pointer, detail }) => ({
    pointer: shortened(pointer, LONGEST_POINTER),
    detail: shortened(detail, LONGEST_DETAIL),
  }));
}

/** `text`, or its beginning and an ellipsis; never half of a surrogate pair. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
