import { matchRoute } from "../model/route";
import { Store } from "./store";

export interface Place {
  path: string;
  search: string;
}

const here = (): Place => ({ path: location.pathname, search: location.search });

export const place = new Store<Place>(here());

export function go(to: string, replace = false): void {
  const url = new URL(to, location.href);
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  place.set(here());
  if (!replace) window.scrollTo(0, 0);
}

// Turns clicks on links to the application's own pages into changes of place without a load.
export function followLinks(): void {
  window.addEventListener("popstate", () => place.set(here()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    if (matchRoute(link.pathname).page === "missing") return;
    event.preventDefault();
    go(link.href);
  });
}
