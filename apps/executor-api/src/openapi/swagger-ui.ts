import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { html } from './html';

/** The files of swagger-ui-dist that the page uses; served from the package, so that no other host is asked. */
const PACKAGE_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** Apart from the page, so that its content policy needs no inline script. */
const START = `window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', validatorUrl: null });
});
`;

export const UI_PAGE = html(
  'dawsos API',
  [
    '<div id="ui"></div>',
    '<script src="/docs/assets/swagger-ui-bundle.js"></script>',
    '<script src="/docs/assets/start.js"></script>',
  ],
  ['<link rel="stylesheet" href="/docs/assets/swagger-ui.css">'],
);

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

/** One of the files named here; any other name is undefined, so that no path can be built from it. */
export async function uiAsset(name: string): Promise<Asset | undefined> {
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', content: Buffer.from(START) };
  if (!Object.hasOwn(PACKAGE_FILES, name)) return undefined;
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  return { type: PACKAGE_FILES[name] ?? '', content: await readFile(join(folder, name)) };
}
