import Glibc

/// Lines over two logarithmic axes, drawn as a picture in SVG.
public struct LinePlot: Sendable {
  /// Points that are joined, and what the legend calls them.
  public struct Line: Sendable {
    /// What the legend says; a line without a name is left out there.
    public var name: String
    /// Both numbers above 0; other points are left out.
    public var points: [(x: Double, y: Double)]
    /// Whether it is what was computed and not what was measured: dashed, without marks.
    public var isComputed: Bool
    /// The number of its colour; lines that belong together share one.
    public var color: Int

    public init(_ name: String, _ points: [(x: Double, y: Double)], isComputed: Bool = false, color: Int) {
      self.name = name
      self.points = points.filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }
      self.isComputed = isComputed
      self.color = color
    }
  }

  /// What stands above the picture.
  public var title: String
  /// What the horizontal axis shows; the vertical one shows seconds.
  public var horizontal: String
  public var lines: [Line]

  public init(title: String, horizontal: String, lines: [Line]) {
    self.title = title
    self.horizontal = horizontal
    self.lines = lines
  }

  private static let (width, height) = (640.0, 400.0)
  private static let (left, right, top, bottom) = (76.0, 620.0, 40.0, 348.0)
  /// Readable beside each other, also where red and green look alike.
  private static let colors = ["#0b62c4", "#c2500a", "#5a5a5a"]

  /// The picture; nil where no point can be drawn.
  public var svg: String? {
    let points = lines.flatMap(\.points)
    guard let x = LogarithmicAxis(points.map(\.x), from: Self.left, to: Self.right),
      let y = LogarithmicAxis(points.map(\.y), from: Self.bottom, to: Self.top)
    else { return nil }
    var out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" "
      + "font-family=\"sans-serif\" font-size=\"12\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    out += Self.text(Self.left, 24, title, "font-size=\"14\" font-weight=\"bold\"")
    out += grid(x, y)
    for line in lines { out += drawing(of: line, x, y) }
    out += legend()
    return out + "</svg>\n"
  }

  private func grid(_ x: LogarithmicAxis, _ y: LogarithmicAxis) -> String {
    var out = "<g stroke=\"#dddddd\">\n"
    for tick in x.ticks { out += Self.segment((x.place(tick), Self.top), (x.place(tick), Self.bottom)) }
    for tick in y.ticks { out += Self.segment((Self.left, y.place(tick)), (Self.right, y.place(tick))) }
    out += "</g>\n<g fill=\"#333333\">\n"
    for tick in x.ticks {
      out += Self.text(x.place(tick), Self.bottom + 18, tick.countText, "text-anchor=\"middle\"")
    }
    for tick in y.ticks {
      out += Self.text(Self.left - 8, y.place(tick) + 4, tick.secondsText, "text-anchor=\"end\"")
    }
    out += Self.text((Self.left + Self.right) / 2, Self.height - 12, horizontal, "text-anchor=\"middle\"")
    let middle = (Self.top + Self.bottom) / 2
    out += Self.text(
      16, middle, "median time",
      "text-anchor=\"middle\" transform=\"rotate(-90 16 \(middle.fixed(0)))\"")
    return out + "</g>\n"
  }

  private func drawing(of line: Line, _ x: LogarithmicAxis, _ y: LogarithmicAxis) -> String {
    guard !line.points.isEmpty else { return "" }
    let color = Self.colors[line.color % Self.colors.count]
    let places = line.points.map { (x: x.place($0.x), y: y.place($0.y)) }
    let list = places.map { "\($0.x.fixed(1)),\($0.y.fixed(1))" }.joined(separator: " ")
    let form = line.isComputed ? " stroke-dasharray=\"5 4\" stroke-opacity=\"0.7\"" : " stroke-width=\"2\""
    var out = "<polyline fill=\"none\" stroke=\"\(color)\"\(form) points=\"\(list)\"/>\n"
    guard !line.isComputed else { return out }
    out += "<g fill=\"\(color)\">\n"
    for place in places {
      out += "<circle cx=\"\(place.x.fixed(1))\" cy=\"\(place.y.fixed(1))\" r=\"3.5\"/>\n"
    }
    return out + "</g>\n"
  }

  private func legend() -> String {
    var out = ""
    for (row, line) in lines.filter({ !$0.name.isEmpty }).enumerated() {
      let y = Self.top + 16 + 18 * Double(row)
      let color = Self.colors[line.color % Self.colors.count]
      let form = line.isComputed ? " stroke-dasharray=\"5 4\"" : " stroke-width=\"2\""
      out += "<g stroke=\"\(color)\"\(form)>\n"
      out += Self.segment((Self.left + 12, y - 4), (Self.left + 40, y - 4)) + "</g>\n"
      out += Self.text(Self.left + 48, y, line.name, "fill=\"#111111\"")
    }
    return out
  }

  private static func segment(_ from: (Double, Double), _ to: (Double, Double)) -> String {
    "<line x1=\"\(from.0.fixed(1))\" y1=\"\(from.1.fixed(1))\" x2=\"\(to.0.fixed(1))\" "
      + "y2=\"\(to.1.fixed(1))\"/>\n"
  }

  private static func text(_ x: Double, _ y: Double, _ text: String, _ attributes: String) -> String {
    "<text x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" \(attributes)>\(text.escapedForXML)</text>\n"
  }
}

/// Where numbers stand on an axis that gives each power of ten the same room.
private struct LogarithmicAxis {
  /// The numbers that have a line of their own.
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let from: Double
  private let to: Double

  /// Nil where there is no number.
  init?(_ numbers: [Double], from: Double, to: Double) {
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    // A little room at both ends; one number alone stands in the middle.
    let room = least == most ? 0.5 : 0.04 * log10(most / least)
    (low, high) = (log10(least) - room, log10(most) + room)
    (self.from, self.to) = (from, to)
    let decades = Int(low.rounded(.down))...Int(high.rounded(.up))
    let digits = high - low < 2.5 ? [1.0, 2, 5] : [1]
    let step = max(1, decades.count / 8)
    let all = stride(from: decades.lowerBound, through: decades.upperBound, by: step).flatMap { decade in
      digits.map { $0 * pow(10, Double(decade)) }
    }
    ticks = all.filter { [low, high] in (low...high).contains(log10($0)) }
  }

  func place(_ number: Double) -> Double { from + (log10(number) - low) / (high - low) * (to - from) }
}

extension Double {
  /// A count: `200`, `5k`, `10M`.
  fileprivate var countText: String { scaled(["", "k", "M", "G", "T", "P"]) }

  /// A time in the unit that leaves it readable: `20 µs`.
  fileprivate var secondsText: String {
    (self * 1e9).scaled([" ns", " µs", " ms", " s", "000 s"])
  }

  private func scaled(_ units: [String]) -> String {
    var (amount, unit) = (self, 0)
    // A power of ten that is not quite one is the one that is meant.
    while amount >= 999.5, unit + 1 < units.count { (amount, unit) = (amount / 1000, unit + 1) }
    let isWhole = abs(amount - amount.rounded()) < 1e-6 * amount
    return (isWhole ? amount.fixed(0) : amount.significant(2)) + units[unit]
  }
}

extension String {
  /// The text as it stands between tags of XML; control characters, which XML does not have, are left out.
  fileprivate var escapedForXML: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
