// A conversation's sound: microphone → frames → the desk's second WebSocket, and back. docs/handoff.md has the format.

import { audible } from './audible'
import worklet from './sound.worklet.js?url'

export type SoundState = 'starting' | 'open' | 'lost' | 'denied'
export interface Look {
  state: SoundState
  muted: boolean
  peak: number
}

const WAITS = [300, 1000, 2000] // a caller waits for this sound

export const STARTING: Look = { state: 'starting', muted: false, peak: 0 }

export class CallSound {
  look = STARTING
  private context: AudioContext | null = null
  private stream: MediaStream | null = null
  private socket: WebSocket | null = null
  private microphone: AudioWorkletNode | null = null
  private speaker: AudioWorkletNode | null = null
  private number = 0
  private tries = 0
  private over = false
  private retry: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly conversation: string,
    private readonly speaks: boolean,
    private readonly changed: (look: Look) => void,
  ) {
    this.connect()
  }

  private set(patch: Partial<Look>): void {
    this.look = { ...this.look, ...patch }
    this.changed(this.look)
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(`${scheme}//${location.host}/desk/sound?conversation=${encodeURIComponent(this.conversation)}`)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === 'string') void this.begin((JSON.parse(event.data) as { rate: number }).rate)
      else this.hear(event.data)
    }
    socket.onclose = () => {
      if (this.over || this.look.state === 'denied') return
      this.set({ state: this.look.state === 'starting' ? 'starting' : 'lost' })
      this.retry = setTimeout(() => this.connect(), WAITS[Math.min(this.tries++, WAITS.length - 1)])
    }
  }

  private async begin(rate: number): Promise<void> {
    this.tries = 0
    try {
      if (!this.context) await this.open(rate)
      this.speaker?.port.postMessage({ anew: true })
      this.set({ state: 'open' })
    } catch {
      this.set({ state: 'denied' })
      this.socket?.close()
    }
  }

  private async open(rate: number): Promise<void> {
    const context = audible({ latencyHint: 'interactive' })
    this.context = context
    const processing = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
    const [stream] = await Promise.all([
      this.speaks ? navigator.mediaDevices.getUserMedia({ audio: processing }) : null,
      context.audioWorklet.addModule(worklet),
    ])
    if (this.over) return stream?.getTracks().forEach((track) => track.stop())
    this.stream = stream
    const processorOptions = { rate }
    this.speaker = new AudioWorkletNode(context, 'speaker', { processorOptions, numberOfInputs: 0, outputChannelCount: [1] })
    this.speaker.connect(context.destination)
    if (!stream) return
    this.microphone = new AudioWorkletNode(context, 'microphone', { processorOptions, numberOfOutputs: 1, channelCount: 1, channelCountMode: 'explicit' })
    context.createMediaStreamSource(stream).connect(this.microphone)
    const silent = context.createGain()
    silent.gain.value = 0
    this.microphone.connect(silent).connect(context.destination)
    this.microphone.port.onmessage = (event: MessageEvent<{ frame: ArrayBuffer; peak: number }>) => this.speak(event.data.frame, event.data.peak)
    this.microphone.port.postMessage({ muted: this.look.muted })
  }

  private speak(frame: ArrayBuffer, peak: number): void {
    const { socket } = this
    // what could not be sent in time is better lost than late
    if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < 16_000) {
      const message = new Uint8Array(4 + frame.byteLength)
      new DataView(message.buffer).setUint32(0, ++this.number, true)
      message.set(new Uint8Array(frame), 4)
      socket.send(message)
    } else {
      this.number++
    }
    if (this.number % 6 === 0) this.set({ peak })
  }

  private hear(data: ArrayBuffer): void {
    const number = new DataView(data).getUint32(0, true)
    const frame = data.slice(4)
    this.speaker?.port.postMessage({ number, frame }, [frame])
  }

  mute(on: boolean): void {
    this.microphone?.port.postMessage({ muted: on })
    this.set({ muted: on })
  }

  close(): void {
    this.over = true
    clearTimeout(this.retry)
    this.socket?.close()
    this.stream?.getTracks().forEach((track) => track.stop())
    void this.context?.close()
  }
}
