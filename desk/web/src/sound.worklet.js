// Sound inside the audio thread: the microphone down to the line's rate in 20 ms frames, and the line's frames back up.
//
// The resampler is a windowed sinc (Hann, 8 zero crossings a side) of the lower of the two rates, read from a table
// with linear interpolation: below −60 dB of aliasing at 48 → 8 kHz, 40 multiplications a sample.

const CROSSINGS = 8
const STEPS = 256
const KERNEL = new Float32Array(CROSSINGS * STEPS + 2)
for (let i = 0; i < CROSSINGS * STEPS; i++) {
  const x = i / STEPS
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
  KERNEL[i] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS))
}

export class Resampler {
  constructor(from, to) {
    this.step = from / to
    this.scale = Math.min(1, to / from)
    this.reach = Math.ceil(CROSSINGS / this.scale)
    this.past = new Float32Array(this.reach * 2)
    this.at = this.reach // where in `past` the next sample is centred
  }

  /** The samples that can be told so far. */
  push(input) {
    const samples = new Float32Array(this.past.length + input.length)
    samples.set(this.past)
    samples.set(input, this.past.length)
    const out = []
    while (this.at + this.reach < samples.length) {
      const first = Math.ceil(this.at - this.reach)
      const last = Math.floor(this.at + this.reach)
      let sum = 0
      for (let i = Math.max(0, first); i <= last; i++) {
        const place = Math.abs(i - this.at) * this.scale * STEPS
        const low = place | 0
        const rest = place - low
        if (low <= CROSSINGS * STEPS) sum += samples[i] * (KERNEL[low] * (1 - rest) + (KERNEL[low + 1] || 0) * rest)
      }
      out.push(sum * this.scale)
      this.at += this.step
    }
    const drop = Math.max(0, Math.floor(this.at) - this.reach)
    this.past = samples.slice(drop)
    this.at -= drop
    return out
  }
}

class Microphone extends AudioWorkletProcessor {
  constructor(options) {
    super()
    const { rate } = options.processorOptions
    this.resampler = new Resampler(sampleRate, rate)
    this.size = rate / 50
    this.frame = new Int16Array(this.size)
    this.filled = 0
    this.peak = 0
    this.muted = false
    this.port.onmessage = (event) => (this.muted = event.data.muted)
  }

  process(inputs) {
    const input = inputs[0][0]
    if (!input) return true
    for (const sample of this.resampler.push(input)) {
      const value = this.muted ? 0 : Math.max(-1, Math.min(1, sample))
      this.peak = Math.max(this.peak, Math.abs(value))
      this.frame[this.filled++] = Math.round(value * 32767)
      if (this.filled === this.size) {
        this.port.postMessage({ frame: this.frame.buffer, peak: this.peak }, [this.frame.buffer])
        this.frame = new Int16Array(this.size)
        this.filled = 0
        this.peak = 0
      }
    }
    return true
  }
}

// Waits until so many frames are there, then plays; run dry, it gathers anew and a little more, up to 10 frames
// (200 ms). More than 15 waiting: the oldest go, so that a stall does not stay a delay.
const FIRST = 3
const MOST_FIRST = 10
const MOST = 15

class Speaker extends AudioWorkletProcessor {
  constructor(options) {
    super()
    this.resampler = new Resampler(options.processorOptions.rate, sampleRate)
    this.frames = []
    this.ready = []
    this.begin = 0
    this.playing = false
    this.first = FIRST
    this.next = 0
    this.calm = 0
    this.port.onmessage = (event) => {
      if (event.data.anew) this.anew()
      else this.put(event.data.number, new Int16Array(event.data.frame))
    }
  }

  /** Another connection, whose numbers begin anew. */
  anew() {
    this.frames = []
    this.playing = false
    this.next = 0
  }

  put(number, frame) {
    if (number < this.next) return
    let at = this.frames.length
    while (at > 0 && this.frames[at - 1].number > number) at--
    if (at > 0 && this.frames[at - 1].number === number) return
    this.frames.splice(at, 0, { number, frame })
    while (this.frames.length > MOST) this.frames.shift()
  }

  take() {
    if (!this.playing && this.frames.length < this.first) return null
    this.playing = true
    const entry = this.frames.shift()
    if (!entry) {
      this.playing = false
      this.first = Math.min(MOST_FIRST, this.first + 1)
      this.calm = 0
      return null
    }
    this.next = entry.number + 1
    // ten seconds without a gap, and a frame more than is needed: a shorter delay is tried
    if (++this.calm > 500 && this.first > FIRST) {
      this.first--
      this.calm = 0
      if (this.frames.length > this.first) this.frames.shift()
    }
    return entry.frame
  }

  process(_, outputs) {
    const output = outputs[0][0]
    while (this.ready.length - this.begin < output.length) {
      const frame = this.take()
      if (!frame) break
      const samples = Float32Array.from(frame, (value) => value / 32768)
      this.ready = [...this.ready.slice(this.begin), ...this.resampler.push(samples)]
      this.begin = 0
    }
    for (let i = 0; i < output.length; i++) {
      output[i] = this.begin < this.ready.length ? this.ready[this.begin++] : 0
    }
    return true
  }
}

registerProcessor('microphone', Microphone)
registerProcessor('speaker', Speaker)
