import type { Policy } from "../api/types";
import { policies } from "../model/media-text";

interface Props {
  label?: string;
  value: Policy;
  disabled?: boolean;
  describedBy?: string;
  onChange: (policy: Policy) => void;
}

export function PolicySelect({ label, value, disabled = false, describedBy, onChange }: Props) {
  return (
    <select aria-label={label} aria-describedby={describedBy} value={value} disabled={disabled} data-testid="policy-select"
      onChange={(event) => onChange(event.currentTarget.value as Policy)}>
      {policies.map((policy) => (
        <option key={policy.value} value={policy.value}>
          {policy.name}: {policy.hint}
        </option>
      ))}
    </select>
  );
}
