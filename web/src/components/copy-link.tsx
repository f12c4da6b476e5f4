import { useState } from "preact/hooks";
import { Icon } from "./icon";

// The clipboard is only open to pages on https or this machine; elsewhere the old way still works.
async function copy(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy refused");
}

export function CopyLink({ path }: { path: string }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const url = new URL(path, location.href).href;
  const press = async () => {
    try {
      await copy(url);
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("idle"), 2500);
  };
  return (
    <>
      <button type="button" onClick={press} data-testid="copy-link">
        <Icon name={state === "copied" ? "check" : "link"} size={18} />
        {state === "copied" ? "Copied" : "Copy link"}
      </button>
      <span class="sr-only" role="status">
        {state === "copied" ? "Link copied" : ""}
      </span>
      {state === "failed" && <code class="copy-fallback">{url}</code>}
    </>
  );
}
