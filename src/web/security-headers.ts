/**
 * Security headers: what our pages may do in a browser, which is next to nothing: show themselves
 * and send their own forms back to this host.
 */

const HSTS_SECONDS = 365 * 24 * 60 * 60;
const NO_FEATURES = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'browsing-topics'];

export type Headers = Readonly<Record<string, string>>;

/** On every answer of ours. A page's address is a key, so nothing may tell it on or keep it. */
export function securityHeaders({
  publicUrl,
  styleHash,
}: {
  publicUrl: string;
  styleHash: string;
}): Headers {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src '${styleHash}'`,
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'X-Frame-Options': 'DENY',
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...sharedHeaders(publicUrl),
  };
}

/** On the answers that Slack's library gives: it has pages of its own. */
export function sharedHeaders(publicUrl: string): Headers {
  return {
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': NO_FEATURES.map((feature) => `${feature}=()`).join(', '),
    ...(publicUrl.startsWith('https:')
      ? { 'Strict-Transport-Security': `max-age=${HSTS_SECONDS}` }
      : {}),
  };
}
