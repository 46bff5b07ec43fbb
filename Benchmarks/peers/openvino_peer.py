"""Inference in OpenVINO, in 32 bits and with the hint for latency; it does not train."""

import onnx_model
from network import Unsupported
from worker import THREADS, fastest, serve


def connect():
    import onnx
    import openvino

    return {"OpenVINO": openvino.__version__.split("-")[0], "onnx": onnx.__version__}, build


def build(path, phase, rows):
    import openvino

    if phase != "run":
        raise Unsupported("OpenVINO does not train")
    serialized, input_name, x, _ = onnx_model.model(path, rows)
    core = openvino.Core()
    # Without the precision, machines that have bfloat16 would compute in 16 bits.
    compiled = core.compile_model(core.read_model(serialized, b""), "CPU", {
        "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": THREADS, "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()

    def shared():
        request.set_tensor(input_name, openvino.Tensor(x, shared_memory=True))
        return lambda: request.infer()

    def plain():
        return lambda: request.infer({input_name: x}, share_inputs=True, share_outputs=True)

    best, step = fastest([("shared", shared), ("plain", plain)])
    return best, step, None


if __name__ == "__main__":
    serve("OpenVINO", connect)
