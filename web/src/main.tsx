import { render } from "preact";
import { App } from "./app";
import { followPlace } from "./state/location";
import { warnBeforeLeaving } from "./state/uploads";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/upload.css";
import "./styles/rights.css";
import "./styles/library.css";
import "./styles/lists.css";
import "./styles/watch.css";

const root = document.getElementById("app");
if (root) {
  followPlace();
  warnBeforeLeaving();
  render(<App />, root);
}
