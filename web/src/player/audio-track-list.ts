// The tracks of sound of a stream in the shape that media-chrome's menu looks for on a media element
// (`audioTracks`, as HTML's AudioTrackList): iterable, one of them enabled.

export class AudioTrack {
  readonly id: string;
  readonly kind = "";
  // Not a plain member, for the menu writes tracks as JSON.
  readonly #list: AudioTrackList;
  readonly #index: number;

  constructor(
    list: AudioTrackList,
    index: number,
    readonly label: string,
    readonly language: string,
  ) {
    this.id = String(index);
    this.#list = list;
    this.#index = index;
  }

  get enabled(): boolean {
    return this.#list.selectedIndex === this.#index;
  }

  // The one that was enabled before is left by this alone.
  set enabled(on: boolean) {
    if (on) this.#list.select(this.#index);
  }
}

export class AudioTrackList extends EventTarget implements Iterable<AudioTrack> {
  private tracks: AudioTrack[] = [];
  private selected = -1;

  constructor(private readonly onSelect: (index: number) => void) {
    super();
  }

  get length(): number {
    return this.tracks.length;
  }

  get selectedIndex(): number {
    return this.selected;
  }

  select(index: number): void {
    if (index === this.selected) return;
    this.show(index);
    this.onSelect(index);
  }

  // The player has switched by itself.
  show(index: number): void {
    this.selected = index;
    this.dispatchEvent(new Event("change"));
  }

  replace(tracks: { label: string; language: string }[]): void {
    this.tracks = tracks.map(({ label, language }, index) => new AudioTrack(this, index, label, language));
    this.dispatchEvent(new Event("addtrack"));
  }

  [Symbol.iterator](): Iterator<AudioTrack> {
    return this.tracks[Symbol.iterator]();
  }
}
