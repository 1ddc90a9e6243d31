/** A `Link` header to the next page: the same address with another `page_token`. */
export function linkToNext(originalUrl: string, pageToken: string): string {
  const url = new URL(originalUrl, 'http://api');
  url.searchParams.set('page_token', pageToken);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
