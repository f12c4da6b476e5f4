// The files of a drop, with those inside dropped folders.
function filesIn(entry: FileSystemEntry): Promise<File[]> {
  return new Promise((resolve) => {
    if (entry.isFile) {
      (entry as FileSystemFileEntry).file(
        (file) => resolve([file]),
        () => resolve([]),
      );
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const found: Promise<File[]>[] = [];
    // A reader hands out a folder in parts and ends with an empty one.
    const more = () =>
      reader.readEntries(
        (entries) => {
          if (entries.length === 0) {
            void Promise.all(found).then((lists) => resolve(lists.flat()));
            return;
          }
          found.push(...entries.map(filesIn));
          more();
        },
        () => resolve([]),
      );
    more();
  });
}

export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const known = entries.filter((entry): entry is FileSystemEntry => entry !== null);
  if (known.length === 0) return [...data.files];
  const files = (await Promise.all(known.map(filesIn))).flat();
  return files.filter((file) => !file.name.startsWith("."));
}
