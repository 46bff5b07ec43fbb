"""The inference of a graph as an ONNX model, with all shapes fixed."""

from network import Network


def model(path, rows):
    """The serialized model, the name and value of its input, and the name of its output."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    network = Network(path, rows)
    kept = {**network.parameters, **network.state}
    nodes, used = [], {}

    def constant(name):
        used[name] = kept[name]
        return name

    for node in network.nodes:
        op, inputs, attributes = node["op"], list(node["inputs"]), {}
        if op in ("dense", "conv2d"):
            inputs += [constant(node[key]) for key in ("weight", "bias") if node[key]]
        if op == "dense":
            attributes = {"transB": 1}
        if op in ("conv2d", "max_pool2d"):
            attributes = {"kernel_shape": node["kernel"], "strides": node["stride"]}
            attributes["pads"] = [pair[side] for side in range(2) for pair in node["padding"]]
        if op == "batch_norm":
            inputs += [constant(node[key]) for key in ("scale", "shift", "mean", "variance")]
            attributes = {"epsilon": node["epsilon"]}
        kind = {
            "dense": "Gemm", "conv2d": "Conv", "max_pool2d": "MaxPool", "batch_norm": "BatchNormalization",
            "add": "Add", "flatten": "Flatten", "global_average_pool": "GlobalAveragePool", "relu": "Relu", "tanh": "Tanh",
            "sigmoid": "Sigmoid",
        }[op]
        if op == "global_average_pool":
            nodes.append(helper.make_node(kind, inputs, [node["name"] + ".pooled"]))
            kind, inputs = "Flatten", [node["name"] + ".pooled"]
        nodes.append(helper.make_node(kind, inputs, [node["name"]], **attributes))
    shaped = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, (rows,) + network.shapes[name])
    graph = helper.make_graph(
        nodes, "benchmark", [shaped(network.input)], [shaped(network.output)],
        [numpy_helper.from_array(value, name) for name, value in used.items()])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made.SerializeToString(), network.input, network.x(), network.output
