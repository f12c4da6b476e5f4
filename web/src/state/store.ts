import { useEffect, useRef, useState } from "preact/hooks";

// A value that components follow. Changes are made by set(), never in place.
export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

export function useStore<T>(store: Store<T>): T;
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S;
export function useStore<T, S>(store: Store<T>, select?: (value: T) => S): T | S {
  const [, redraw] = useState(0);
  const read = () => (select ? select(store.get()) : store.get());
  const latest = useRef(read);
  latest.current = read;
  const shown = useRef<T | S>();
  shown.current = read();
  useEffect(() => {
    const look = () => {
      if (!Object.is(latest.current(), shown.current)) redraw((n) => n + 1);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return shown.current as T | S;
}
