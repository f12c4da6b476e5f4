import type { ComponentChildren } from "preact";
import { entry } from "../state/location";
import { Icon } from "./icon";

// Leads to the page above; when the person came from there, back to it as it was left.
export function BackLink({ href, children }: { href: string; children: ComponentChildren }) {
  const back = (event: MouseEvent) => {
    const from = entry().from;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (from === undefined || new URL(from, location.href).pathname !== href) return;
    event.preventDefault();
    history.back();
  };
  return (
    <a class="back" href={href} onClick={back}>
      <Icon name="back" size={18} />
      {children}
    </a>
  );
}
