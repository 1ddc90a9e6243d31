/** A page of our own; `body` is HTML already. */
export function html(title: string, body: readonly string[], head: readonly string[] = []): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${title}</title>`,
    ...head,
    '</head><body>',
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}
