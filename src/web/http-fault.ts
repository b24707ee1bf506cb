/** HTTP fault: a request that cannot be served, with the page that says so. */
import type { NoticeName } from './pages.ts';
import type { Headers } from './security-headers.ts';

export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly status: number;
  readonly notice: NoticeName;
  readonly headers: Headers;

  constructor(status: number, notice: NoticeName, headers: Headers = {}) {
    super(`${status} ${notice}`);
    this.status = status;
    this.notice = notice;
    this.headers = headers;
  }
}
