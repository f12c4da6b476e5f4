import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

type Tone = "info" | "warn" | "bad" | "good";
const icons: Record<Tone, IconName> = { info: "info", warn: "alert", bad: "alert", good: "check" };

interface Props {
  tone?: Tone;
  title?: string;
  children?: ComponentChildren;
  onRetry?: () => void;
}

export function Notice({ tone = "info", title, children, onRetry }: Props) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "note"}>
      <Icon name={icons[tone]} />
      <div class="notice-text">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
        {onRetry && (
          <button type="button" class="small" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
