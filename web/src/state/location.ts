// The place: the address, and what the browser's history keeps with it.
import { matchRoute } from "../model/route";
import { Store } from "./store";

export interface Place {
  path: string;
  search: string;
}

// What an entry of the history remembers, for the way back to it.
interface Entry {
  scroll?: number; // pixels from the top
  shown?: number; // how many items a long list had loaded
  from?: string; // the application's page before it
}

const here = (): Place => ({ path: location.pathname, search: location.search });

export const place = new Store<Place>(here());

export const entry = (): Entry => (history.state as Entry | null) ?? {};
export const noteEntry = (change: Entry): void => history.replaceState({ ...entry(), ...change }, "");

const settle = 150; // ms without scrolling after which a position is noted; browsers limit how often
let noting: ReturnType<typeof setTimeout> | undefined;
let stopRestoring: (() => void) | null = null;

function noteScroll(): void {
  clearTimeout(noting);
  if (stopRestoring === null) noteEntry({ scroll: Math.round(window.scrollY) });
}

// Scrolls to where the person was in this entry of the history, as soon as enough of the page is there; until then or
// until the person scrolls.
function restoreScroll(): void {
  stopRestoring?.();
  const target = entry().scroll ?? 0;
  const grown = new ResizeObserver(() => {
    window.scrollTo(0, target);
    if (Math.abs(window.scrollY - target) <= 1) stop();
  });
  const gestures = ["wheel", "touchmove", "keydown", "pointerdown"];
  const stop = () => {
    grown.disconnect();
    for (const gesture of gestures) window.removeEventListener(gesture, stop);
    stopRestoring = null;
  };
  for (const gesture of gestures) window.addEventListener(gesture, stop, { passive: true });
  stopRestoring = stop;
  grown.observe(document.body);
}

export function go(to: string, replace = false): void {
  const url = new URL(to, location.href);
  if (replace) {
    history.replaceState(entry(), "", url);
  } else {
    noteScroll();
    stopRestoring?.();
    const from: Entry = { from: location.pathname + location.search };
    history.pushState(from, "", url);
  }
  place.set(here());
  if (!replace) window.scrollTo(0, 0);
}

// Turns clicks on links to the application's own pages into changes of place without a load.
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) return;
  if (matchRoute(link.pathname).page === "missing") return;
  event.preventDefault();
  go(link.href);
}

// Starts to follow links, the browser's Back and Forward, and the scroll position.
export function followPlace(): void {
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  window.addEventListener("popstate", () => {
    clearTimeout(noting);
    restoreScroll();
    place.set(here());
  });
  window.addEventListener("scroll", () => {
    clearTimeout(noting);
    noting = setTimeout(noteScroll, settle);
  });
  window.addEventListener("pagehide", noteScroll);
  restoreScroll();
}
