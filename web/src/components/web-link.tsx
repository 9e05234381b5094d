import { visible } from './visible.ts';

/** A text that leads to its address. Only addresses of the web are links: a source may be anybody's. */
export function WebLink({ url, text }: Readonly<{ url: string | undefined; text: string }>) {
  if (url === undefined || !/^https?:\/\//i.test(url)) return <>{visible(text)}</>;
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {visible(text)}
    </a>
  );
}
