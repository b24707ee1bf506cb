/** SMTP URL: how a route is read, and what is refused before anything is sent. */
import { describe, expect, it } from '@jest/globals';
import { readSmtpUrl } from '../../../src/mail/smtp/url.ts';

describe('readSmtpUrl', () => {
  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false }],
    ['smtps://mail.example.com', { port: 465, secure: true, requireTls: false }],
    ['smtp://mail.example.com:2525/', { port: 2525 }],
    ['smtp://[::1]:25', { host: '::1', port: 25 }],
    ['smtp://mail.example.com?name=sender.example.com', { helloName: 'sender.example.com' }],
    ['smtp://a%40b:p%2Fw%3A@mail.example.com', { login: { user: 'a@b', pass: 'p/w:' } }],
    ['smtp://mail.example.com', { login: undefined, rejectUnauthorized: true, ignoreTls: false }],
    ['smtp://mail.example.com?rejectUnauthorized=false', { rejectUnauthorized: false }],
    ['smtp://mail.example.com?requireTLS=true', { requireTls: true }],
  ])('%s', (url, expected) => {
    expect(readSmtpUrl(url)).toMatchObject(expected);
  });

  it.each([
    ['smtp://u:p@mail.example.com', true],
    ['smtp://u:p@mail.example.com?requireTLS=false', false],
    ['smtp://u:p@mail.example.com?ignoreTLS=true', false],
    ['smtps://u:p@mail.example.com', false],
    ['smtp://u:p@127.0.0.1', false],
    ['smtp://u:p@localhost', false],
    ['smtp://mail.example.com', false],
  ])('%s demands STARTTLS: %s', (url, expected) => {
    expect(readSmtpUrl(url).requireTls).toBe(expected);
  });

  it.each([
    ['', 'an SMTP URL is like'],
    ['mail.example.com', 'an SMTP URL is like'],
    ['http://mail.example.com', 'an SMTP URL is like'],
    ['smtp://', 'an SMTP URL is like'],
    ['smtp://u:p/SECRET@mail.example.com', 'SMTP URL'],
    ['smtp://u:SECRET@mail.example.com/path', 'has no path'],
    ['smtp://u:SECRET@mail.example.com#x', 'has no path and no #'],
    ['smtp://u:SECRET@mail.example.com?debug=true', 'does not know debug'],
    [
      'smtp://u:SECRET@mail.example.com?requireTLS=yes',
      'requireTLS in an SMTP URL is true or false',
    ],
    ['smtp://u:SECRET%@mail.example.com', 'write %25'],
    ['smtp://u:SECRET@mail.example.com?name=a%0d%0ab', 'name in an SMTP URL is a host name'],
  ])('refuses %j without repeating the password', (url, why) => {
    expect(() => readSmtpUrl(url)).toThrow(why);
    expect(() => readSmtpUrl(url)).not.toThrow(/SECRET/);
  });
});
