// swift-tools-version: 6.0
import PackageDescription

// A plugin for nngraph: one library that needs no Swift on the machine that loads it.
let package = Package(
  name: "swish",
  products: [.library(name: "swish", type: .dynamic, targets: ["Swish"])],
  // A copy of this folder elsewhere names the place of nngraph here.
  dependencies: [.package(name: "nngraph", path: "../../..")],
  targets: [
    .target(
      name: "Swish",
      dependencies: [.product(name: "PluginKit", package: "nngraph")],
      linkerSettings: [
        .unsafeFlags([
          // The library's own runtime, seen by nobody else: one name is exported, all others are resolved
          // within. What is never reached is left out.
          "-static-stdlib", "-use-ld=lld",
          "-Xlinker", "--version-script=\(Context.packageDirectory)/exported.map",
          "-Xlinker", "-Bsymbolic",
          "-Xlinker", "--as-needed",
          "-Xlinker", "-s",
        ])
      ])
  ])
