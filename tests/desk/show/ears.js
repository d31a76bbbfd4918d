// Keeps what the page plays: for each way to the loudspeakers its rate, when it began (Unix milliseconds) and its samples.
window.heard = []
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode && !(this instanceof GainNode)) {
    const tap = this.context.createScriptProcessor(2048, 1, 1)
    const ear = { rate: this.context.sampleRate, began: 0, parts: [], tap }
    tap.onaudioprocess = (event) => {
      ear.began ||= Date.now()
      ear.parts.push(Int16Array.from(event.inputBuffer.getChannelData(0), (value) => 32767 * Math.max(-1, Math.min(1, value))))
    }
    connect.call(this, tap)
    connect.call(tap, to)
    window.heard.push(ear)
  }
  return connect.call(this, to, ...rest)
}
window.tellHeard = () =>
  window.heard.map(({ rate, began, parts }) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
    let at = 0
    for (const part of parts) {
      all.set(new Uint8Array(part.buffer), at)
      at += part.byteLength
    }
    let text = ''
    for (let i = 0; i < all.length; i += 32768) text += String.fromCharCode(...all.subarray(i, i + 32768))
    return { rate, began, data: btoa(text) }
  })
