import { Failure } from '../../../streams/failure.ts';
import { causesOf, networkTrouble, textFieldOf } from '../../network-trouble.ts';
import { refusedForGood } from '../refused-for-good.ts';

export function addressRefused(host: string): Failure {
  return refusedForGood(
    'address_refused',
    `${host} is not on the public network: a page there is not opened.`,
  );
}

/** What may be otherwise in a moment. A page's host is not the tool: its trouble is no sign of an outage. */
export function unavailable(
  code: string,
  message: string,
  facts: Readonly<{ cause?: unknown; retryAfterMs?: number }> = {},
): Failure {
  return new Failure('transient', code, message, { outageSignal: false, ...facts });
}

/** What a request of the network threw, as a Failure. */
export function fetchFailure(error: unknown, host: string): Failure {
  const causes = causesOf(error);
  const known = causes.find((cause) => cause instanceof Failure);
  if (known instanceof Failure) return known;
  const code = causes.map((cause) => textFieldOf(cause, 'code')).find((text) => text !== undefined) ?? '';
  const trouble = networkTrouble(code);
  if (code === 'ENOTFOUND') return refusedForGood('unknown_host', `There is no host ${host}.`, error);
  if (trouble === 'certificate')
    return refusedForGood('bad_certificate', `${host} cannot show who it is (${code}).`, error);
  if (trouble === 'misuse')
    return refusedForGood('bad_url', `${host}: the address cannot be opened (${code}).`, error);
  if (code.startsWith('Z_') || (code.startsWith('ERR_') && code.includes('BROTLI')))
    return refusedForGood('bad_body', `${host} sent what cannot be unpacked (${code}).`, error);
  return unavailable('page_unreachable', `${host} does not answer (${code === '' ? String(error) : code}).`, {
    cause: error,
  });
}
