import { Empty } from "../components/empty";
import { useTitle } from "../components/use-title";

export function MissingPage() {
  useTitle("Not found");
  return (
    <Empty whole icon="search" title="There is no such page">
      <p class="soft">The address may be incomplete.</p>
      <a class="button" href="/">
        To the start page
      </a>
    </Empty>
  );
}
