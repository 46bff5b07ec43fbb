import Convolution
import PluginKit

/// The module as a library that is loaded at run time; `scripts/plugins` builds it.
@c(nngraph_plugin_v1) public func plugin() -> UnsafePointer<nngraph_plugin> { exported(ConvolutionModule()) }
