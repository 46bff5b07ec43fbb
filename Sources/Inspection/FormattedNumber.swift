import Glibc

extension Int {
  /// The number with a comma between thousands: `1,234,567`.
  public var grouped: String {
    let digits = Array(String(magnitude).utf8)
    var out: [UInt8] = self < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out.append(UInt8(ascii: ",")) }
      out.append(digit)
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A number of bytes in the largest unit that leaves at least 1: `512 B`, `1.5 KiB`, `20.0 MiB`.
  public var byteText: String {
    guard magnitude >= 1024 else { return "\(self) B" }
    var amount = Double(self)
    var unit = 0
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    while amount.magnitude >= 1024, unit + 1 < units.count {
      amount /= 1024
      unit += 1
    }
    return "\(amount.fixed(1)) \(units[unit])"
  }
}

extension Double {
  /// The number with a fixed number of digits behind the point: `0.250`.
  public func fixed(_ digits: Int) -> String {
    guard isFinite else { return description }
    let power = pow(10, Double(digits))
    let scaled = (magnitude * power).rounded()
    guard digits >= 0, scaled < 1e18 else { return description }
    let whole = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.utf8.count)) + whole
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  /// The number with `digits` significant digits: `0.01235`, `1.500`, `1.235e-08`.
  public func significant(_ digits: Int = 4) -> String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : description }
    var exponent = Int(log10(magnitude).rounded(.down))
    // What rounds up to ten is one of the next power: 9.9996 has the digits of 10.
    if (magnitude / pow(10, Double(exponent - digits + 1))).rounded() >= pow(10, Double(digits)) {
      exponent += 1
    }
    if (-4..<max(digits, 7)).contains(exponent) { return fixed(max(0, digits - 1 - exponent)) }
    let mantissa = self / pow(10, Double(exponent))
    let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
    return "\(mantissa.fixed(digits - 1))e\(exponent < 0 ? "-" : "+")\(size)"
  }

  /// A time of so many seconds, in microseconds where it is shorter than a thousandth: `1.50 s`, `100 us`.
  public var durationText: String {
    magnitude < 1e-3 ? "\((self * 1e6).significant(3)) us" : "\(significant(3)) s"
  }
}
