// Milliseconds to wait before attempt `attempt` (from 0) is repeated: doubling from half a second to
// half a minute, spread by `random` (0..1) so that many pages do not come back at once.
export function backoffDelay(attempt: number, random: number): number {
  const full = Math.min(30_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.75 + random * 0.5));
}
