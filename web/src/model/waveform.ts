// What a waveform looks like at a given width.

// JSON of BBC audiowaveform, version 2.
export interface Waveform {
  sample_rate: number;
  samples_per_pixel: number;
  bits: number;
  length: number;
  data: number[]; // the least and the greatest of each pixel
}

// How high each of `count` bars is over `seconds` of sound, 0 to 1; the loudest has 1, unless all is silence.
export function bars({ sample_rate, samples_per_pixel, data }: Waveform, seconds: number, count: number): number[] {
  const pixels = Math.floor(data.length / 2);
  const pixelsPerBar = (seconds * sample_rate) / samples_per_pixel / count;
  const heights = Array.from({ length: count }, (_, bar) => {
    const first = Math.floor(bar * pixelsPerBar);
    const last = Math.min(pixels, Math.max(first + 1, Math.floor((bar + 1) * pixelsPerBar)));
    let height = 0;
    for (let i = first; i < last; ++i) height = Math.max(height, -data[2 * i]!, data[2 * i + 1]!);
    return height;
  });
  const highest = Math.max(...heights, 1);
  return heights.map((height) => height / highest);
}
