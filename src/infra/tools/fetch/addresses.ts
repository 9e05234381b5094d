import ipaddr from 'ipaddr.js';

/**
 * Whether an address is one of the public network: of no machine's own, private, shared, documented, translated or reserved range. A
 * text that is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/** The address that a host of a URL is, if it is one and no name. */
export function literalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : undefined;
}
