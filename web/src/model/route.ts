// Addresses of the application's pages.
export type Route =
  | { page: "home" }
  | { page: "library" }
  | { page: "asset"; id: string }
  | { page: "lists" }
  | { page: "list"; id: string }
  | { page: "watch"; id: string }
  | { page: "missing" };

export function matchRoute(path: string): Route {
  const parts = path.split("/").filter(Boolean);
  let id = "";
  try {
    id = decodeURIComponent(parts[1] ?? "");
  } catch {
    return { page: "missing" };
  }
  if (parts.length === 0 || path === "/index.html") return { page: "home" };
  if (parts.length === 1 && parts[0] === "library") return { page: "library" };
  if (parts.length === 1 && parts[0] === "lists") return { page: "lists" };
  if (parts.length === 2 && parts[0] === "a") return { page: "asset", id };
  if (parts.length === 2 && parts[0] === "lists") return { page: "list", id };
  if (parts.length === 2 && parts[0] === "watch") return { page: "watch", id };
  return { page: "missing" };
}
