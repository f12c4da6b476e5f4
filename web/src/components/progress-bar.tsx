export function ProgressBar({ value, label, idle = false }: { value: number; label: string; idle?: boolean }) {
  return (
    <div
      class={idle ? "bar idle" : "bar"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value)}
    >
      <span style={{ width: `${value}%` }} />
    </div>
  );
}
