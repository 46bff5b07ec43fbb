"""Inference in ONNX Runtime, by a plain run and with bound memory; it does not train here."""

import onnx_model
from network import Unsupported
from worker import THREADS, fastest, serve


def connect():
    import onnx
    import onnxruntime

    return {"ONNX Runtime": onnxruntime.__version__, "onnx": onnx.__version__}, build


def build(path, phase, rows):
    import onnxruntime

    if phase != "run":
        raise Unsupported("ONNX Runtime runs networks; it does not train them here")
    serialized, input_name, x, output_name = onnx_model.model(path, rows)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(serialized, options, providers=["CPUExecutionProvider"])

    def plain():
        return lambda: session.run([output_name], {input_name: x})

    def bound():
        binding = session.io_binding()
        binding.bind_ortvalue_input(input_name, onnxruntime.OrtValue.ortvalue_from_numpy(x))
        output = onnxruntime.OrtValue.ortvalue_from_shape_and_type(session.get_outputs()[0].shape, x.dtype)
        binding.bind_ortvalue_output(output_name, output)
        return lambda: session.run_with_iobinding(binding)

    best, step = fastest([("plain", plain), ("bound", bound)])
    return best, step, None


if __name__ == "__main__":
    serve("ONNX Runtime", connect)
