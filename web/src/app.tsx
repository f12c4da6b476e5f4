import { useEffect, useRef } from "preact/hooks";
import { Header } from "./components/header";
import { Loading } from "./components/empty";
import { Notice } from "./components/notice";
import { Toast } from "./components/toast";
import { matchRoute, type Route } from "./model/route";
import { AssetPage } from "./pages/asset";
import { HomePage } from "./pages/home";
import { LibraryPage } from "./pages/library";
import { ListPage } from "./pages/list";
import { ListsPage } from "./pages/lists";
import { MissingPage } from "./pages/missing";
import { SignInPage } from "./pages/sign-in";
import { WatchPage } from "./pages/watch";
import { startLive, stopLive } from "./state/assets";
import { place } from "./state/location";
import { hasHint, loadSession, session } from "./state/session";
import { useStore } from "./state/store";

function Private({ route }: { route: Route }) {
  const state = useStore(session);
  if (state.kind === "unknown") return <Loading what="your account" />;
  if (state.kind === "out") return <SignInPage />;
  if (state.kind === "unreachable") {
    return (
      <Notice tone="bad" title="Penstock does not answer" onRetry={() => void loadSession()}>
        {state.message}
      </Notice>
    );
  }
  switch (route.page) {
    case "library":
      return <LibraryPage />;
    case "asset":
      return <AssetPage key={route.id} id={route.id} />;
    case "lists":
      return <ListsPage />;
    case "list":
      return <ListPage key={route.id} id={route.id} />;
    default:
      return <HomePage />;
  }
}

function Page({ route }: { route: Route }) {
  if (route.page === "watch") return <WatchPage key={route.id} id={route.id} />;
  if (route.page === "missing") return <MissingPage />;
  return <Private route={route} />;
}

export function App() {
  const { path } = useStore(place);
  const state = useStore(session);
  const route = matchRoute(path);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  const ask = state.kind === "unknown" && (route.page !== "watch" || hasHint());
  useEffect(() => {
    if (ask) void loadSession();
  }, [ask]);

  useEffect(() => {
    if (state.kind === "in") startLive();
    else if (state.kind === "out") stopLive();
  }, [state.kind]);

  // A screen reader is told of the new page by the focus, as a load would do.
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header session={state} page={route.page} />
      <main id="main" ref={main} tabIndex={-1} class={route.page === "watch" ? "wide" : ""}>
        <Page route={route} />
      </main>
      <Toast />
    </>
  );
}
