import { Icon } from "../components/icon";
import { Notice } from "../components/notice";
import { useTitle } from "../components/use-title";
import { loadSession } from "../state/session";
import { place } from "../state/location";
import { useStore } from "../state/store";

export function SignInPage() {
  useTitle("Sign in");
  const { search } = useStore(place);
  const expired = new URLSearchParams(search).get("sign_in") === "expired";
  return (
    <section class="card sign-in" data-testid="sign-in">
      <span class="empty-icon">
        <Icon name="lock" size={30} />
      </span>
      <h1>Sign in with your link</h1>
      {expired && (
        <Notice tone="warn" title="That link was used already, or is too old">
          Each sign-in link works once. Ask for a new one as below.
        </Notice>
      )}
      <ol class="ways">
        <li>
          <strong>When Penstock starts</strong>, it prints a sign-in link in the terminal. Open that link in this browser.
          <pre>
            <code>scripts/serve</code>
          </pre>
        </li>
        <li>
          <strong>For a new link later</strong>, ask for one on the server, and open what it prints.
          <pre>
            <code>penstock token sign-in</code>
          </pre>
        </li>
      </ol>
      <p class="soft">Just want to watch something? The link that you were sent works without signing in.</p>
      <button type="button" onClick={() => void loadSession()}>
        I have signed in, look again
      </button>
    </section>
  );
}
