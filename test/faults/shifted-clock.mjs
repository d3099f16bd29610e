// Loaded before a service, by NODE_OPTIONS: its whole process believes in another time.
const off = Number(process.env.CLOCK_OFF_MS)
const RealDate = Date

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + off)
    else super(...given)
  }

  static now() {
    return RealDate.now() + off
  }
}
