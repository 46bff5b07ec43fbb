/// The Swift that this program was compiled with.
public enum Toolchain {
  /// Its version without the last part, `6.3`; plugins that need another Swift's runtime are refused.
  public static let swift: String = {
    #if compiler(>=7.0)
      "7"
    #elseif compiler(>=6.9)
      "6.9"
    #elseif compiler(>=6.8)
      "6.8"
    #elseif compiler(>=6.7)
      "6.7"
    #elseif compiler(>=6.6)
      "6.6"
    #elseif compiler(>=6.5)
      "6.5"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #elseif compiler(>=6.1)
      "6.1"
    #else
      "6.0"
    #endif
  }()
}
