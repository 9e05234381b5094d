import { refusedForGood } from '../refused-for-good.ts';

/** What pages may be opened, as the setting `lookUpTools.page` has it. */
export type PageRules = Readonly<{
  /** Of these alone, with what is below them. Absent: of all. */
  hosts?: readonly string[] | undefined;
  denyHosts: readonly string[];
  /** Any page of these, also one that no result showed. */
  freeHosts: readonly string[];
  /** `host:port` on a private network. */
  allowPrivate: readonly string[];
  respectRobots: boolean;
  keepDays: number;
  maxMiB: number;
  pdfMaxMiB: number;
}>;

/** Throws a Failure of kind `content` (`host_refused`) for what is not to be opened. */
export function assertHost({ hostname }: URL, { hosts, denyHosts }: PageRules): void {
  if (isAmong(hostname, denyHosts) || (hosts !== undefined && !isAmong(hostname, hosts)))
    throw refusedForGood('host_refused', `Pages of ${hostname} are not opened here.`);
}

/** Whether the host is one of those named, or below one: `docs.example.org` is below `example.org`. */
export function isAmong(hostname: string, hosts: readonly string[]): boolean {
  const plain = hostname.toLowerCase().replace(/\.$/, '');
  return hosts.some((host) => plain === host.toLowerCase() || plain.endsWith(`.${host.toLowerCase()}`));
}
