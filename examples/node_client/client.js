// A client of a Huashu server: a text conversation, or a call whose sound comes from one WAV file and goes to another.

'use strict';

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const PROTO = process.env.HUASHU_PROTO || path.join(__dirname, '..', '..', 'channels', 'proto');
const FRAME_MS = 20;
const RETRY_MS = 500;

function connect(options) {
  const definition = protoLoader.loadSync('huashu/v1/conversations.proto', {
    includeDirs: [PROTO],
    keepCase: true,
    longs: Number,
    enums: String,
    oneofs: true,
  });
  const { Conversations } = grpc.loadPackageDefinition(definition).huashu.v1;
  const credentials = options.ca
    ? grpc.credentials.createSsl(fs.readFileSync(options.ca))
    : grpc.credentials.createInsecure();
  return new Conversations(options.address, credentials);
}

function open(client, options, start) {
  const metadata = new grpc.Metadata();
  if (options.token) metadata.set('authorization', `Bearer ${options.token}`);
  const stream = client.Converse(metadata);
  stream.write({ event: { start } });
  return stream;
}

// Variables of type text travel as they are, and so does every other type in its written form.
function variables(options) {
  return Object.fromEntries(
    (options.var || []).map((item) => {
      const at = item.indexOf('=');
      if (at < 1) throw new Error(`--var ${item}: write --var name=value`);
      return [item.slice(0, at), { text: item.slice(at + 1) }];
    }),
  );
}

// --- text -----------------------------------------------------------------------------------------------------------

class Chat {
  constructor(client, options) {
    this.client = client;
    this.options = options;
    this.call = null;
    this.received = ''; // id of the last action
    this.seen = new Set(); // ids of actions: only lines and questions are shown again after a break
    this.asked = new Set(); // ids of questions already answered
    this.sent = []; // what the caller said, to be sent again where the server lacks it
    this.retries = 0;
  }

  async hold() {
    for (;;) {
      try {
        await this.once();
        return;
      } catch (error) {
        const broken = [grpc.status.UNAVAILABLE, grpc.status.CANCELLED, grpc.status.INTERNAL, grpc.status.UNKNOWN];
        if (!this.call || !broken.includes(error.code) || ++this.retries > this.options.retries) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  once() {
    const start = this.call
      ? { resume: this.call, received: this.received }
      : { bot: this.options.bot, medium: 'MEDIUM_TEXT', variables: variables(this.options) };
    const stream = open(this.client, this.options, start);
    return new Promise((resolve, reject) => {
      stream.on('data', (message) => this.take(stream, message));
      stream.on('end', resolve);
      stream.on('error', reject);
    });
  }

  take(stream, message) {
    switch (message.message) {
      case 'accepted':
        this.call = message.accepted.call;
        if (message.accepted.resumed) {
          for (const text of this.sent.slice(message.accepted.recorded)) stream.write({ event: { heard: { text } } });
        }
        break;
      case 'action':
        this.perform(stream, message.action);
        break;
      case 'error':
        console.error(`refused: ${message.error.message}`);
        break;
      default: // from a newer server: ignored, as conversations.proto says
    }
  }

  perform(stream, action) {
    const detail = action[action.action];
    if (!detail) return;
    const known = this.seen.has(detail.id);
    this.seen.add(detail.id);
    this.received = detail.id;
    switch (action.action) {
      case 'say':
        if (!known) console.log(`bot: ${detail.text}`);
        break;
      case 'listen':
        if (!this.asked.has(detail.id)) this.answer(stream, detail.id);
        break;
      case 'run_action': // only when the server has no backend for it, and neither have we
        stream.write({ event: { action_result: { action: detail.id, ok: false, error: 'unknown_action' } } });
        break;
      case 'disposition':
        if (!known) console.log(`ended: ${detail.result}`);
        break;
      case 'hangup': // the server ends the stream itself
        break;
      default:
        if (!known) console.log(`(${action.action})`);
    }
  }

  async answer(stream, question) {
    this.asked.add(question);
    const text = await this.options.next();
    if (text === null) {
      stream.end();
      return;
    }
    console.log(`caller: ${text}`);
    this.sent.push(text);
    stream.write({ event: { heard: { text } } });
  }
}

function answers(options) {
  if (options.say) {
    const left = [...options.say];
    return async () => left.shift() ?? null;
  }
  const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    return done ? null : value;
  };
}

// --- a call ---------------------------------------------------------------------------------------------------------

function readWav(file) {
  const data = fs.readFileSync(file);
  if (data.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${file}: not a WAV file`);
  let format = null;
  for (let at = 12; at + 8 <= data.length; ) {
    const name = data.toString('latin1', at, at + 4);
    const size = data.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') {
      format = { tag: data.readUInt16LE(body), channels: data.readUInt16LE(body + 2), rate: data.readUInt32LE(body + 4) };
      format.bits = data.readUInt16LE(body + 14);
    } else if (name === 'data' && format) {
      const usable = format.tag === 1 && format.channels === 1 && format.bits === 16 && [8000, 16000].includes(format.rate);
      if (!usable) throw new Error(`${file}: expected 16-bit PCM, mono, 8000 or 16000 Hz`);
      return { rate: format.rate, pcm: data.subarray(body, body + size) };
    }
    at = body + size + (size % 2);
  }
  throw new Error(`${file}: no sound in it`);
}

function writeWav(file, rate, pcm) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(pcm.length, 40);
  fs.writeFileSync(file, Buffer.concat([header, pcm]));
}

function holdCall(client, options) {
  const { rate, pcm } = readWav(options.audio);
  const frame = (rate * 2 * FRAME_MS) / 1000;
  const silence = Buffer.alloc(frame);
  const stream = open(client, options, {
    bot: options.bot,
    direction: 'DIRECTION_INBOUND',
    medium: 'MEDIUM_VOICE',
    variables: variables(options),
    audio: { encoding: 'ENCODING_LINEAR16', rate },
  });
  const heard = [];
  let frames = 0;
  let began = 0;
  // The clock decides how many frames are due, so that late timers do not slow the call down.
  const speak = () => {
    const due = Math.floor((performance.now() - began) / FRAME_MS) + 1;
    for (; frames < due; frames += 1) {
      const piece = pcm.subarray(frames * frame, (frames + 1) * frame);
      stream.write({ audio: { data: piece.length === frame ? piece : Buffer.concat([piece, silence]).subarray(0, frame) } });
    }
    if (frames * FRAME_MS >= options.seconds * 1000) {
      clearInterval(timer);
      stream.write({ event: { hung_up: {} } });
    }
  };
  let timer = null;
  return new Promise((resolve, reject) => {
    stream.on('data', (message) => {
      switch (message.message) {
        case 'accepted':
          began = performance.now();
          timer = setInterval(speak, FRAME_MS / 2);
          break;
        case 'audio':
          heard.push(message.audio.data);
          break;
        case 'transcript':
          if (message.transcript.final) console.log(`caller: ${message.transcript.text}`);
          break;
        case 'action':
          if (message.action.action === 'say') console.log(`bot: ${message.action.say.text}`);
          if (message.action.action === 'disposition') console.log(`ended: ${message.action.disposition.result}`);
          break;
        case 'error':
          console.error(`refused: ${message.error.message}`);
          break;
        default:
      }
    });
    const finish = (settle) => (value) => {
      clearInterval(timer);
      writeWav(options.out, rate, Buffer.concat(heard));
      settle(value);
    };
    stream.on('end', finish(resolve));
    stream.on('error', finish(reject));
  });
}

// --- the command ----------------------------------------------------------------------------------------------------

async function main() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      address: { type: 'string', default: '127.0.0.1:50051' },
      token: { type: 'string', default: process.env.HUASHU_TOKEN },
      ca: { type: 'string' },
      bot: { type: 'string' },
      var: { type: 'string', multiple: true },
      say: { type: 'string', multiple: true },
      audio: { type: 'string' },
      out: { type: 'string', default: 'bot.wav' },
      seconds: { type: 'string', default: '60' },
      retries: { type: 'string', default: '20' }, // half a second apart
    },
  });
  options.seconds = Number(options.seconds);
  options.retries = Number(options.retries);
  const client = connect(options);
  if (positionals[0] === 'text' && options.bot) {
    options.next = answers(options);
    await new Chat(client, options).hold();
  } else if (positionals[0] === 'call' && options.bot && options.audio) {
    await holdCall(client, options);
  } else {
    throw new Error('usage: node client.js text|call --bot NAME [--say TEXT …] [--audio FILE.wav --out FILE.wav]');
  }
  client.close();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.details || error.message);
    process.exit(1);
  },
);
