/** Gives the reader a file that the page made; nothing is sent anywhere. */
export function download(name: string, text: string, type: string): void {
  downloadBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

export function downloadBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the blob once the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

/** A part of a file's name that every system takes. */
export const fileName = (text: string): string => text.replaceAll(/[^\w.-]+/g, '_').slice(0, 100);
