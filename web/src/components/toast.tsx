import { Store, useStore } from "../state/store";

const message = new Store<string>("");
let timer: ReturnType<typeof setTimeout> | null = null;

export function showToast(text: string): void {
  message.set(text);
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(() => message.set(""), 6000);
}

export function Toast() {
  const text = useStore(message);
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {text && <div class="toast">{text}</div>}
    </div>
  );
}
