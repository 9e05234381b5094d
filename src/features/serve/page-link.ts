import { Option } from 'commander';
import type { Admittance } from '../../infra/http/http-token.ts';
import { isKept, tokenPath } from '../../infra/http/made-token.ts';

/** `--no-token`. */
export function noTokenFlag(): Option {
  return new Option('--no-token', 'require no token on loopback: every user of this machine can come in');
}

/** The address to open: with the token in its fragment, which no browser sends, where it was made here. */
export function pageLink(address: string, { token, madeToken }: Admittance): string {
  return madeToken && token !== undefined ? `${address}/#token=${token}` : address;
}

/** What a person has to know about who is let in. Empty where they chose the token themselves. */
export function admittanceText({ token, madeToken }: Admittance, data: string): readonly string[] {
  if (token === undefined)
    return ['No token is asked for: every user of this machine can read and decide here.'];
  if (!madeToken) return [];
  if (!isKept(token, data)) return [`The token is kept nowhere: ${tokenPath(data)} cannot be written.`];
  return [`The token is kept in ${tokenPath(data)} (--no-token: none is asked for).`];
}
