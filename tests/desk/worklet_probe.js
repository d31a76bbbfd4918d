// Run in a page by test_page_sound.py: the audio thread's classes outside the audio thread, fed with tones and frames.
(source) => {
  const made = {}
  const scope = `class AudioWorkletProcessor { constructor() { this.port = { postMessage: (m) => this.sent.push(m) }; this.sent = [] } }
    const sampleRate = 48000; const registerProcessor = (name, kind) => (made[name] = kind); `
  new Function('made', scope + source.replaceAll('export ', '') + '; made.Resampler = Resampler')(made)
  const tone = (hertz, rate, n) => Float32Array.from({ length: n }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate))
  const power = (x) => x.reduce((sum, v) => sum + v * v, 0) / x.length
  const through = (from, to, hertz) => {
    const resampler = new made.Resampler(from, to)
    const out = []
    const input = tone(hertz, from, from)
    for (let i = 0; i + 128 <= input.length; i += 128) out.push(...resampler.push(input.subarray(i, i + 128)))
    const settled = out.slice(to / 10)
    // what is left when the tone itself is taken out, by least squares
    let [ss, cc, sx, cx] = [0, 0, 0, 0]
    settled.forEach((v, i) => {
      const [s, c] = [Math.sin((2 * Math.PI * hertz * i) / to), Math.cos((2 * Math.PI * hertz * i) / to)]
      ss += s * s; cc += c * c; sx += s * v; cx += c * v
    })
    const rest = settled.map((v, i) => v - (sx / ss) * Math.sin((2 * Math.PI * hertz * i) / to) - (cx / cc) * Math.cos((2 * Math.PI * hertz * i) / to))
    return { n: out.length, level: 10 * Math.log10(power(settled) / 0.125), rest: 10 * Math.log10(power(rest) / 0.125) }
  }
  const speaker = new made.speaker({ processorOptions: { rate: 8000 } })
  const play = (blocks) => {
    const heard = []
    for (let i = 0; i < blocks; i++) {
      const block = new Float32Array(128)
      speaker.process([], [[block]])
      heard.push(Math.max(...block.map(Math.abs)))
    }
    return heard
  }
  const frame = (n, v) => speaker.put(n, new Int16Array(160).fill(v))
  const jitter = {}
  frame(1, 8000); frame(2, 8000)
  jitter.early = Math.max(...play(8))
  frame(4, 8000); frame(3, 8000); frame(3, 8000)
  jitter.frames = speaker.frames.map((item) => item.number)
  jitter.level = Math.max(...play(30))
  jitter.dry = Math.max(...play(60).slice(30))
  frame(2, 20000)
  jitter.late = speaker.frames.length
  for (let n = 10; n < 60; n++) frame(n, 100)
  jitter.most = speaker.frames.length
  return { down: through(48000, 8000, 1000), alias: through(48000, 8000, 6000), up: through(8000, 48000, 1000), odd: through(44100, 16000, 3000), jitter }
}