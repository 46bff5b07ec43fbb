import Compiler
import Diagnostics
import GraphFile
import LayerKit
import PluginHost
import Runtime
import Tensors
import Training

// The names that a user of the library needs beside `Model`, so that one import is enough.

public typealias Tensor = Tensors.Tensor
public typealias ElementType = Tensors.ElementType
public typealias Fault = Diagnostics.Fault
public typealias Faults = Diagnostics.Faults
public typealias GraphLimits = GraphFile.GraphLimits
public typealias Registry = LayerKit.Registry
public typealias Module = LayerKit.Module
public typealias PluginSet = PluginHost.PluginSet
public typealias PluginSearch = PluginHost.PluginSearch
public typealias PluginPlaces = PluginHost.PluginPlaces
public typealias RewriteSelection = Compiler.RewriteSelection
public typealias ThreadPool = Runtime.ThreadPool
public typealias TrainerOptions = Training.TrainerOptions
public typealias TrainingEvent = Training.TrainingEvent
public typealias TrainingControl = Training.TrainingControl
public typealias TrainingResult = Training.TrainingResult
public typealias Evaluation = Training.Evaluation
