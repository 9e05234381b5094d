import type { PageSettings } from '../../config/look-up-settings.ts';
import { refusedForGood } from '../refused-for-good.ts';

/** Throws a Failure of kind `content` (`host_refused`) for what is not to be opened. */
export function assertHost({ hostname }: URL, { hosts, denyHosts }: PageSettings): void {
  if (isAmong(hostname, denyHosts) || (hosts !== undefined && !isAmong(hostname, hosts)))
    throw refusedForGood('host_refused', `Pages of ${hostname} are not opened here.`);
}

/** Whether the host is one of those named, or below one: `docs.example.org` is below `example.org`. */
export function isAmong(hostname: string, hosts: readonly string[]): boolean {
  const plain = hostname.toLowerCase().replace(/\.$/, '');
  return hosts.some((host) => plain === host.toLowerCase() || plain.endsWith(`.${host.toLowerCase()}`));
}
