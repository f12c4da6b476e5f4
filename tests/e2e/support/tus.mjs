// tus 1.0 by hand, so that a test knows what was acknowledged.
const tus = { "Tus-Resumable": "1.0.0" };

export async function create(server, length, name) {
  const response = await server.fetch("/v1/uploads", {
    method: "POST",
    headers: { ...tus, "Upload-Length": String(length), "Upload-Metadata": `filename ${Buffer.from(name).toString("base64")}` },
  });
  if (response.status !== 201) throw new Error(`create: ${response.status} ${await response.text()}`);
  return { location: new URL(response.headers.get("location"), server.url).pathname, asset: response.headers.get("penstock-asset-id") };
}

export async function offset(server, location) {
  const response = await server.fetch(location, { method: "HEAD", headers: tus });
  return response.ok ? Number(response.headers.get("upload-offset")) : null;
}

// The offset that the server acknowledges.
export async function patch(server, location, at, bytes) {
  const response = await server.fetch(location, {
    method: "PATCH",
    headers: { ...tus, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" },
    body: bytes,
  });
  if (response.status !== 204) throw new Error(`patch at ${at}: ${response.status} ${await response.text()}`);
  return Number(response.headers.get("upload-offset"));
}
