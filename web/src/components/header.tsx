import { signOut, type SessionState } from "../state/session";
import type { Route } from "../model/route";
import { Brand } from "./brand";
import { Icon, type IconName } from "./icon";
import { showToast } from "./toast";

// scope: what the page behind it needs.
const links: { href: string; text: string; icon: IconName; pages: Route["page"][]; scope: string }[] = [
  { href: "/", text: "Upload", icon: "upload", pages: ["home"], scope: "uploads:write" },
  { href: "/library", text: "Library", icon: "library", pages: ["library", "asset"], scope: "assets:read" },
  { href: "/lists", text: "Lists", icon: "lists", pages: ["lists", "list"], scope: "references:read" },
];

export function Header({ session, page }: { session: SessionState; page: Route["page"] }) {
  const scopes = session.kind === "in" ? session.session.scopes : [];
  const leave = () => signOut().catch((error: Error) => showToast(error.message));
  return (
    <header class="top">
      <div class="top-row">
        <Brand />
        {session.kind === "in" && (
          <>
            <nav aria-label="Main">
              {links.filter((link) => scopes.includes(link.scope)).map((link) => (
                <a key={link.href} href={link.href} aria-current={link.pages.includes(page) ? "page" : undefined}>
                  <Icon name={link.icon} size={18} />
                  {link.text}
                </a>
              ))}
            </nav>
            <div class="account" data-testid="account">
              <span class="account-name" title={`Signed in as ${session.session.account.name}`}>
                {session.session.account.name}
              </span>
              <button type="button" class="quiet" onClick={leave} aria-label="Sign out" title="Sign out">
                <Icon name="out" size={18} />
              </button>
            </div>
          </>
        )}
      </div>
    </header>
  );
}
