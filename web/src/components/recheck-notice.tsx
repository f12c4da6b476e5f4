import { useEffect, useState } from "preact/hooks";
import { readRechecks, type Rechecks } from "../api/lists";
import { onEvent } from "../state/assets";
import { plural } from "../model/format";
import { Notice } from "./notice";
import { ProgressBar } from "./progress-bar";

const interval = 2000; // milliseconds, while something waits

// How far published and blocked works have been compared with lists that changed; nothing when that is done.
export function RecheckNotice() {
  const [rechecks, setRechecks] = useState<Rechecks | null>(null);
  useEffect(() => {
    let timer = 0;
    let current = true;
    const look = () => {
      window.clearTimeout(timer);
      readRechecks().then(
        (found) => {
          if (!current) return;
          setRechecks(found);
          if (found.waiting > 0) timer = window.setTimeout(look, interval);
        },
        () => current && setRechecks(null),
      );
    };
    look();
    const forget = onEvent((event) => {
      if (event.name.startsWith("list.")) look();
    });
    return () => {
      current = false;
      window.clearTimeout(timer);
      forget();
    };
  }, []);
  if (!rechecks || rechecks.waiting === 0) return null;
  const done = rechecks.assets - rechecks.waiting;
  return (
    <Notice tone="info" title="Earlier uploads are compared with the changed lists">
      <ProgressBar value={(100 * done) / rechecks.assets} label="Uploads compared" />
      {plural(rechecks.waiting, "upload")} of {rechecks.assets.toLocaleString()} to go.
    </Notice>
  );
}
