export function Brand() {
  return (
    <a class="brand" href="/" aria-label="Penstock, start page">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect class="brand-plate" width="32" height="32" rx="8" />
        <path class="brand-flow" d="M6 9h8c5 0 4 7 8 7h4" />
        <path class="brand-flow light" d="M6 17h5c5 0 5 7 10 7h5" />
      </svg>
      <span>Penstock</span>
    </a>
  );
}
