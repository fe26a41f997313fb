// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes an animated WebP with FFmpeg's own demuxer and decoder; no libwebp takes part in it.
// Usage: decode.mjs FILE PICTURES
// Writes the canvas after each frame to PICTURES, plane after plane without padding, and prints JSON:
// {decoder, width, height, frames: [{format: pixel format by FFmpeg's name, duration: ms}]}.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The bindings alone: what is built on them wants a newer Node.js than Debian 12's.
const part = (name) => import(
  pathToFileURL(path.join(process.env.ANIM_FFMPEG_MODULES, 'node-av', 'dist', name, 'index.js')));
const { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet, avGetPixFmtName } =
  await part('lib');
const { AVERROR_EAGAIN, AVERROR_EOF } = await part('constants');

// Whether there is more, or one of `ends` is the end; throws what else a negative `code` says.
function goesOn(code, ends, what) {
  if (!ends.includes(code)) FFmpegError.throwIfError(code, what);
  return code >= 0;
}

async function openDecoder(stream) {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  FFmpegError.throwIfError(decoder.parametersToContext(stream.codecpar), 'parameters');
  FFmpegError.throwIfError(await decoder.open2(codec, null), 'open the decoder');
  return [codec.name, decoder];
}

// Every frame that the decoder has ready.
async function* readyFrames(decoder) {
  const frame = new Frame();
  frame.alloc();
  const ends = [AVERROR_EAGAIN, AVERROR_EOF];
  while (goesOn(await decoder.receiveFrame(frame), ends, 'receive a frame')) {
    yield frame;
    frame.unref();
  }
}

async function* decodedFrames(input, decoder) {
  const packet = new Packet();
  packet.alloc();
  while (goesOn(await input.readFrame(packet), [AVERROR_EOF], 'read')) {
    FFmpegError.throwIfError(await decoder.sendPacket(packet), 'decode');
    packet.unref();
    yield* readyFrames(decoder);
  }
  FFmpegError.throwIfError(await decoder.sendPacket(null), 'drain');
  yield* readyFrames(decoder);
}

const [file, pictures] = process.argv.slice(2);
const input = new FormatContext();
FFmpegError.throwIfError(await input.openInput(file, null, null), `open ${file}`);
FFmpegError.throwIfError(await input.findStreamInfo(null), 'find the stream');
const [name, decoder] = await openDecoder(input.streams[0]);
const seen = { decoder: name, frames: [] };
const out = openSync(pictures, 'w');
for await (const frame of decodedFrames(input, decoder)) {
  seen.width = frame.width;
  seen.height = frame.height;
  seen.frames.push({ format: avGetPixFmtName(frame.format), duration: Number(frame.duration) });
  writeFileSync(out, frame.toBuffer());
}
closeSync(out);
console.log(JSON.stringify(seen));
