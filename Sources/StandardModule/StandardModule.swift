import LayerKit

/// The core: the operators, functions and rules that every graph may use without naming a plugin.
///
/// It registers them as any other module does.
public struct StandardModule: Module {
  public static let name = Registry.core
  public static let version = "1.0.0"
  public static let summary = "The operators, functions and rules that every graph may use."

  public init() {}

  public func register(into registrar: inout Registrar) throws {
    registrar.layers(
      Dense.self, ActivationLayer.self, Softmax.self, LogSoftmax.self, LossLayer.self,
      ParameterTensor.self, ConstantTensor.self, Identity.self, StopGradient.self, Dropout.self,
      GaussianNoise.self, RandomNormal.self, RandomUniform.self)
    registrar.layers(
      Add.self, Subtract.self, Multiply.self, Divide.self, Maximum.self, Minimum.self, Power.self,
      Negate.self, Abs.self, Sign.self, Exp.self, Log.self, Sqrt.self, Square.self, Reciprocal.self,
      Sin.self, Cos.self, Clip.self, Scale.self, Equal.self, Greater.self, Less.self, And.self, Or.self,
      Not.self, Where.self)
    registrar.layers(
      MatrixProduct.self, ReduceSum.self, ReduceMean.self, ReduceMax.self, ReduceMin.self,
      CumulativeSum.self, Reshape.self, Flatten.self, Transpose.self, Concatenate.self, Split.self,
      Slice.self, ExpandDimensions.self, Squeeze.self, Pad.self, Gather.self, IndexRange.self,
      OneHot.self, ArgMax.self, Cast.self)
    registrar.layers(
      Embedding.self, LayerNorm.self, RMSNorm.self, BatchNorm.self, PReLU.self)
    registrar.activations(
      LinearActivation.self, StepActivation.self, ReLU.self, ReLU6.self, LeakyReLU.self, ELU.self,
      SELU.self, CELU.self, GELU.self, GELUTanh.self, SiLU.self, Mish.self, Sigmoid.self,
      HardSigmoid.self, HardSwish.self, Tanh.self, Softplus.self, Softsign.self)
    registrar.losses(
      SquaredErrorLoss.self, MeanSquaredErrorLoss.self, MeanAbsoluteErrorLoss.self, HuberLoss.self,
      CrossEntropyLoss.self, BinaryCrossEntropyLoss.self, NegativeLogLikelihoodLoss.self,
      HingeLoss.self, KLDivergenceLoss.self)
    registrar.optimizers(
      SGD.self, Adagrad.self, RMSprop.self, Adadelta.self, Adam.self, AdamW.self, NAdam.self, Lion.self)
    registrar.schedules(
      ConstantSchedule.self, StepSchedule.self, ExponentialSchedule.self, CosineSchedule.self,
      LinearSchedule.self)
    registrar.initializers(
      Zeros.self, Ones.self, ConstantInitializer.self, UniformInitializer.self, NormalInitializer.self,
      TruncatedNormal.self, GlorotUniform.self, GlorotNormal.self, HeUniform.self, HeNormal.self,
      LecunUniform.self, LecunNormal.self, Orthogonal.self)
    registrar.metrics(
      Accuracy.self, MeanSquaredErrorMetric.self, MeanAbsoluteErrorMetric.self, TopKAccuracy.self,
      Perplexity.self, RSquared.self)
    registrar.rewrites(
      FuseDenseActivation(), FuseBatchNorm(), FuseSoftmaxCrossEntropy(), FuseSigmoidCrossEntropy(),
      FoldConstants())
  }
}
