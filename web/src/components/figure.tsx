import type { ComponentChildren } from 'preact';

type FigureProps = Readonly<{
  name: string;
  href?: string;
  /** What a reader should know of it, in small letters. */
  note?: string;
  alarming?: boolean;
  children: ComponentChildren;
}>;

/** One figure under its name, in a list of them. */
export function Figure({ name, href, note = '', alarming = false, children }: FigureProps) {
  return (
    <div class={alarming ? 'alarming' : ''}>
      <dt>{name}</dt>
      <dd>
        {href === undefined ? children : <a href={href}>{children}</a>}
        {note !== '' && <small>{note}</small>}
      </dd>
    </div>
  );
}
