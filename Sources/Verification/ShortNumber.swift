import Glibc

/// A number with three digits that count, for a line that people read: `1.23e-07`, `0.5`, `inf`.
func short(_ number: Double) -> String {
  guard number.isFinite, number != 0 else { return "\(number)" }
  let exponent = floor(log10(number.magnitude))
  if (-3...5).contains(exponent) {
    let unit = pow(10, exponent - 2)
    let rounded = (number / unit).rounded() * unit
    // The product has digits of rounding; a Float's shortest text has none of them.
    return "\(Float(rounded))"
  }
  let significand = (number / pow(10, exponent) * 100).rounded() / 100
  let power = Int(exponent.magnitude)
  return "\(Float(significand))e\(exponent < 0 ? "-" : "+")\(power < 10 ? "0" : "")\(power)"
}
