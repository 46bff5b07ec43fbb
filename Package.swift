// swift-tools-version: 6.0
import PackageDescription

// The rooms of the project, in reading order: each may use what stands above it.
// Tests/ArchitectureTests holds every `import` against this list.
let package = Package(
  name: "nngraph",
  products: [
    .library(name: "NNGraph", targets: ["NNGraph"]),
    // What the author of a module writes against, and the checks that the module must pass.
    .library(name: "LayerKit", targets: ["LayerKit", "Kernels"]),
    .library(name: "NNGraphTestKit", targets: ["NNGraphTestKit"]),
    // What exports a module as a plugin that is loaded at run time, and a module that is built so by `scripts/plugins`.
    .library(name: "PluginKit", targets: ["PluginKit"]),
    .library(name: "convolution", type: .dynamic, targets: ["ConvolutionPlugin"]),
    .executable(name: "nngraph", targets: ["nngraph"]),
  ],
  targets: [
    .systemLibrary(name: "CJSONC", providers: [.apt(["libjson-c-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("m")]),
    // The one contract with plugins that are loaded at run time: a header.
    .target(name: "CPluginABI"),
    .target(name: "Diagnostics"),
    .target(name: "JSONText", dependencies: ["CJSONC", "Diagnostics"]),
    .target(name: "Tensors", dependencies: ["CZlib", "Diagnostics", "JSONText"]),
    .target(name: "GraphFile", dependencies: ["Diagnostics", "JSONText", "Tensors"]),
    .target(name: "Kernels", dependencies: ["CKernels", "Tensors"]),
    .target(name: "LayerKit", dependencies: ["Diagnostics", "Tensors", "Kernels"]),
    .target(name: "StandardModule", dependencies: ["LayerKit", "Kernels", "Tensors"]),
    .target(
      name: "StateSpace", dependencies: ["LayerKit", "Kernels"], path: "plugins/state_space/Sources"),
    // The one file of the plugin that calls oneDNN.
    .target(
      name: "COneDNNConvolution", path: "plugins/convolution/COneDNN",
      linkerSettings: [.linkedLibrary("dnnl")]),
    .target(
      name: "Convolution", dependencies: ["COneDNNConvolution", "LayerKit", "Kernels"],
      path: "plugins/convolution/Sources"),
    // What exports a Swift module as a plugin: the same contract, seen from the other side.
    .target(
      name: "PluginKit",
      dependencies: ["CPluginABI", "Diagnostics", "JSONText", "Tensors", "Kernels", "LayerKit"]),
    .target(
      name: "ConvolutionPlugin", dependencies: ["Convolution", "PluginKit"],
      path: "plugins/convolution/Plugin", exclude: ["exported.map"]),
    .target(
      name: "Compiler",
      dependencies: ["Diagnostics", "JSONText", "Tensors", "GraphFile", "Kernels", "LayerKit"]),
    .target(
      name: "Runtime",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "Kernels", "LayerKit", "Compiler",
      ]),
    .target(
      name: "PluginHost",
      dependencies: ["CPluginABI", "Diagnostics", "JSONText", "Tensors", "Kernels", "LayerKit"]),
    .target(
      name: "Training",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "Kernels", "LayerKit", "Compiler",
        "Runtime",
      ]),
    .target(
      name: "Inspection",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "Compiler", "Runtime", "PluginHost",
      ]),
    .target(
      name: "Verification",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "Compiler", "Runtime",
        "Training",
      ]),
    .target(
      name: "ModelZoo",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "Compiler", "Runtime",
        "Training",
      ]),
    .target(
      name: "NNGraphTestKit",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "Compiler", "Kernels", "Runtime",
        "Training", "Verification",
      ]),
    .target(
      name: "PluginCheck",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "Kernels", "LayerKit", "StandardModule",
        "Compiler", "Runtime", "PluginHost", "Training", "Verification", "NNGraphTestKit",
      ]),
    .target(name: "PluginTemplates", dependencies: ["CPluginABI", "Diagnostics", "Tensors"]),
    .target(
      name: "NNGraph",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "StandardModule",
        "StateSpace", "Convolution", "Compiler", "Runtime", "PluginHost", "Training", "Inspection",
        "Verification", "ModelZoo",
      ]),
    // The comparison with other systems: what C asks of the machine, and the program.
    .target(name: "CBenchmarks", path: "Benchmarks/CBenchmarks"),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "Kernels", "LayerKit", "Compiler", "Runtime",
        "Training", "Inspection", "NNGraph", "CBenchmarks",
      ],
      path: "Benchmarks/Program"),
    .executableTarget(
      name: "nngraph",
      dependencies: [
        "Diagnostics", "JSONText", "Tensors", "GraphFile", "LayerKit", "Compiler", "Runtime",
        "PluginHost", "Training", "Inspection", "Verification", "ModelZoo", "PluginCheck",
        "PluginTemplates", "NNGraph",
      ]),
    .testTarget(name: "JSONTextTests", dependencies: ["JSONText", "Diagnostics"]),
    .testTarget(name: "GraphFileTests", dependencies: ["Diagnostics", "JSONText", "GraphFile"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "CKernels", "Tensors"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Compiler", "GraphFile", "Tensors", "LayerKit", "Diagnostics", "StandardModule",
        "Runtime",
      ]),
    .testTarget(
      name: "RuntimeTests",
      dependencies: [
        "Runtime", "Compiler", "GraphFile", "LayerKit", "StandardModule", "Tensors", "Diagnostics",
      ]),
    .testTarget(
      name: "PluginHostTests",
      dependencies: [
        "PluginHost", "CPluginABI", "Compiler", "GraphFile", "LayerKit", "StandardModule", "Runtime",
        "JSONText", "Tensors", "Diagnostics",
      ],
      exclude: ["Plugins"]),
    .testTarget(
      name: "PluginKitTests",
      dependencies: [
        "PluginKit", "PluginHost", "CPluginABI", "Compiler", "GraphFile", "LayerKit", "Kernels",
        "StandardModule", "StateSpace", "Runtime", "Verification", "NNGraphTestKit", "JSONText", "Tensors",
        "Diagnostics",
      ]),
    .testTarget(
      name: "PluginCheckTests",
      dependencies: [
        "PluginCheck", "PluginHost", "CPluginABI", "Compiler", "GraphFile", "Kernels", "LayerKit",
        "StandardModule", "Runtime", "Training", "Verification", "NNGraphTestKit", "JSONText", "Tensors",
        "Diagnostics",
      ],
      exclude: ["Plugins"]),
    .testTarget(name: "PluginTemplatesTests", dependencies: ["PluginTemplates", "Diagnostics"]),
    .testTarget(
      name: "ConvolutionTests",
      dependencies: [
        "Convolution", "StandardModule", "LayerKit", "Kernels", "Tensors", "Compiler", "Runtime", "GraphFile",
        "Verification", "NNGraphTestKit", "Diagnostics",
      ],
      path: "plugins/convolution/Tests"),
    .testTarget(name: "NNGraphTests", dependencies: ["NNGraph"]),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Verification", "NNGraphTestKit", "StandardModule", "StateSpace", "Convolution", "Compiler",
        "Runtime",
        "Training",
        "LayerKit", "Kernels", "Tensors", "GraphFile", "JSONText", "Diagnostics",
      ]),
    .testTarget(
      name: "InspectionTests",
      dependencies: [
        "Inspection", "PluginHost", "StandardModule", "Compiler", "GraphFile", "JSONText", "Tensors",
        "LayerKit", "Diagnostics", "Runtime",
      ]),
    .testTarget(
      name: "CompilerTests",
      dependencies: [
        "Compiler", "GraphFile", "LayerKit", "Kernels", "StandardModule", "StateSpace", "JSONText",
        "Tensors", "Diagnostics", "Runtime",
      ]),
    .testTarget(
      name: "ModelZooTests",
      dependencies: [
        "ModelZoo", "Compiler", "GraphFile", "LayerKit", "StandardModule", "Convolution", "JSONText",
        "Tensors", "Diagnostics", "Runtime", "Training",
      ]),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: ["benchmarks", "CBenchmarks", "JSONText", "Tensors", "Diagnostics"],
      path: "Benchmarks/Tests"),
    .testTarget(name: "CommandLineTests", dependencies: ["nngraph", "JSONText", "Tensors", "Diagnostics"]),
    .testTarget(name: "ArchitectureTests"),
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["NNGraph", "NNGraphTestKit", "LayerKit", "Kernels", "nngraph"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Diagnostics"]),
    .testTarget(
      name: "StateSpaceTests", dependencies: ["StateSpace", "LayerKit", "Kernels"],
      path: "plugins/state_space/Tests"),
  ]
)
