/** Line ends and tabs are ours; every other control character could move the cursor or hide text. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Colour, as this program sets it. */
const COLOURS = /(\u001b\[[\d;]*m)/;

const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Text from a ledger, a file or a server as it may stand on a terminal: control characters are written out. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** The same of a line that this program has coloured. */
export function escapeAllButColours(text: string): string {
  return text
    .split(COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : escapeControls(part)))
    .join('');
}
