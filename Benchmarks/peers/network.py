"""A graph file as the peers read it: its nodes in order, the shapes between them, and parameters to begin with.

Only what the benchmark's networks use is known here; anything else raises Unsupported, which leaves the peer out.
"""

import json

import numpy


class Unsupported(Exception):
    """What this reading of graph files does not know."""


class Network:
    """Nodes with their shapes (without the batch), parameters, inputs and the optimizer of one graph file.

    A node is a dictionary: `op`, `name`, `inputs`, and by the operator's kind `weight` and `bias` (names of
    parameters, or None), `stride`, `kernel`, `padding` (begin and end by axis), `momentum`, `epsilon`. An activation
    of a layer becomes a node of its own.
    """

    def __init__(self, path, rows):
        with open(path, encoding="utf-8") as file:
            graph = json.load(file)
        self.rows = rows
        self.random = numpy.random.default_rng(0)
        self.nodes, self.parameters, self.state, self.loss = [], {}, {}, None
        self.renamed, self.shapes, self.types = {}, {}, {}
        for name, declared in graph["inputs"].items():
            self.shapes[name] = tuple(declared["shape"][1:])
            self.types[name] = declared.get("type", "float32")
        self.input = next(iter(graph["inputs"]))
        for node in graph["nodes"]:
            self._add(node)
        self.output = self.renamed.get(graph["outputs"][0], graph["outputs"][0])
        self.optimizer = self._optimizer(graph.get("training", {}).get("optimizer", {"kind": "sgd"}))
        self.has_convolutions = any(node["op"] == "conv2d" for node in self.nodes)

    def x(self):
        """The input, numbers in [0, 1)."""
        shape = (self.rows,) + self.shapes[self.input]
        return numpy.random.default_rng(1).random(shape, dtype=numpy.float32)

    def target(self):
        """Classes or numbers for the loss."""
        name = self.loss["target"]
        random = numpy.random.default_rng(2)
        if self.loss["kind"] == "cross_entropy":
            return random.integers(0, self.shapes[self.output][-1], self.rows, dtype=numpy.int32)
        return random.random((self.rows,) + self.shapes[name], dtype=numpy.float32)

    def _add(self, node):
        op, name = node["op"], node["name"]
        inputs = [self.renamed.get(value, value) for value in node["inputs"]]
        if op == "loss":
            return self._add_loss(node, inputs)
        shape = self.shapes[inputs[0]]
        made = {"op": op, "name": name, "inputs": inputs}
        if op == "dense":
            self._add_weights(made, node, (node["units"], shape[-1]), shape[-1])
            shape = shape[:-1] + (node["units"],)
        elif op == "conv2d":
            shape = self._add_convolution(made, node, shape)
        elif op == "max_pool2d":
            kernel = self._pair(node["kernel"])
            made.update(kernel=kernel, stride=self._pair(node.get("stride", kernel)))
            made["padding"] = self._padding(node.get("padding", "valid"), shape, kernel, made["stride"])
            shape = (shape[0],) + self._size(shape, kernel, made["stride"], made["padding"])
        elif op == "batch_norm":
            made.update(momentum=node.get("momentum", 0.1), epsilon=node.get("epsilon", 1e-5))
            for part, value in (("scale", 1), ("shift", 0)):
                made[part] = self._keep(self.parameters, f"{name}.{part}", numpy.full(shape[0], value, numpy.float32))
            for part, value in (("mean", 0), ("variance", 1)):
                made[part] = self._keep(self.state, f"{name}.{part}", numpy.full(shape[0], value, numpy.float32))
        elif op == "flatten":
            shape = (int(numpy.prod(shape)),)
        elif op == "global_average_pool":
            shape = shape[:1]
        elif op == "activation":
            made["op"] = self._function(node["function"])
        elif op != "add":
            raise Unsupported(f'operator "{op}"')
        self.nodes.append(made)
        self.shapes[name] = shape
        if "activation" in node:
            active = name + ".activation"
            self.nodes.append({"op": self._function(node["activation"]), "name": active, "inputs": [name]})
            self.shapes[active] = shape
            self.renamed[name] = active

    def _add_convolution(self, made, node, shape):
        kernel, stride = self._pair(node["kernel"]), self._pair(node.get("stride", 1))
        if node.get("groups", 1) != 1 or node.get("dilation", 1) != 1:
            raise Unsupported("groups and dilation of conv2d")
        padding = self._padding(node.get("padding", "valid"), shape, kernel, stride)
        made.update(kernel=kernel, stride=stride, padding=padding)
        self._add_weights(made, node, (node["filters"], shape[0]) + kernel, shape[0] * kernel[0] * kernel[1])
        return (node["filters"],) + self._size(shape, kernel, stride, padding)

    def _add_weights(self, made, node, shape, fan_in):
        bound = (3 / fan_in) ** 0.5
        weight = self.random.uniform(-bound, bound, shape).astype(numpy.float32)
        made["weight"] = self._keep(self.parameters, node["name"] + ".weight", weight)
        made["bias"] = None
        if node.get("bias", True):
            made["bias"] = self._keep(self.parameters, node["name"] + ".bias", numpy.zeros(shape[0], numpy.float32))

    def _add_loss(self, node, inputs):
        kind = node["kind"]
        if kind == "cross_entropy" and not node.get("from_logits", False):
            raise Unsupported("cross_entropy of probabilities")
        if kind not in ("cross_entropy", "mean_squared_error"):
            raise Unsupported(f'loss "{kind}"')
        self.loss = {"kind": kind, "prediction": inputs[0], "target": inputs[1]}

    @staticmethod
    def _keep(values, name, value):
        values[name] = value
        return name

    @staticmethod
    def _function(activation):
        if activation not in ("relu", "tanh", "sigmoid"):
            raise Unsupported(f'activation "{activation}"')
        return activation

    @staticmethod
    def _pair(value):
        return (value, value) if isinstance(value, int) else tuple(value)

    @staticmethod
    def _size(shape, kernel, stride, padding):
        return tuple(
            (shape[axis + 1] + sum(padding[axis]) - kernel[axis]) // stride[axis] + 1 for axis in range(2))

    @staticmethod
    def _padding(padding, shape, kernel, stride):
        if padding == "valid":
            return ((0, 0), (0, 0))
        if padding != "same":
            return ((padding[0], padding[2]), (padding[1], padding[3]))
        pairs = []
        for axis in range(2):
            size = shape[axis + 1]
            needed = max(0, (-(-size // stride[axis]) - 1) * stride[axis] + kernel[axis] - size)
            pairs.append((needed // 2, needed - needed // 2))
        return tuple(pairs)

    @staticmethod
    def _optimizer(given):
        standard = {
            "sgd": {"learning_rate": 0.01, "momentum": 0.0},
            "adamw": {
                "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
        }
        if given["kind"] not in standard:
            raise Unsupported(f'optimizer "{given["kind"]}"')
        unknown = set(given) - {"kind"} - set(standard[given["kind"]])
        if unknown:
            raise Unsupported("optimizer with " + ", ".join(sorted(unknown)))
        return {**standard[given["kind"]], **given}
