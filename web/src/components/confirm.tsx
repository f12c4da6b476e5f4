import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  title: string;
  children: ComponentChildren;
  action: string;
  cancel?: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

// Asks before something that cannot be undone. The safe button has the focus.
export function Confirm({ title, children, action, cancel = "Keep it", busy = false, onConfirm, onClose }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={ref} aria-labelledby="confirm-title" onClose={onClose} data-testid="confirm">
      <h2 id="confirm-title">{title}</h2>
      <div class="soft">{children}</div>
      <div class="row end">
        <button type="button" autofocus onClick={() => ref.current?.close()}>
          {cancel}
        </button>
        <button type="button" class="danger" disabled={busy} onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
