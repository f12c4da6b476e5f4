// The qualities of a stream in the shape that media-chrome's quality menu looks for on a media
// element (`videoRenditions`): iterable, with `selectedIndex`, -1 for automatic.

export interface PlayerRendition {
  id: string;
  width: number;
  height: number;
  bitrate: number;
}

export class RenditionList extends EventTarget implements Iterable<PlayerRendition> {
  [index: number]: PlayerRendition;
  private selected = -1;
  private count = 0;

  constructor(private readonly onSelect: (index: number) => void) {
    super();
  }

  get length(): number {
    return this.count;
  }

  get selectedIndex(): number {
    return this.selected;
  }

  set selectedIndex(index: number) {
    if (index === this.selected) return;
    this.selected = index;
    this.onSelect(index);
    this.dispatchEvent(new Event("change"));
  }

  replace(renditions: PlayerRendition[]): void {
    for (let i = 0; i < this.count; i++) delete this[i];
    renditions.forEach((rendition, i) => (this[i] = rendition));
    this.count = renditions.length;
    this.dispatchEvent(new Event("addrendition"));
  }

  *[Symbol.iterator](): Iterator<PlayerRendition> {
    for (let i = 0; i < this.count; i++) yield this[i]!;
  }
}
