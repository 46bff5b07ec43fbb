"""Training steps and inference in PyTorch: eager and compiled, with the layouts and optimizers that it offers."""

import numpy

from network import Network, Unsupported
from worker import THREADS, fastest, serve


def connect():
    import torch

    torch.set_num_threads(THREADS)
    return {"PyTorch": torch.__version__}, build


def source(network, training):
    """The forward pass as straight-line Python, so that eager mode pays for nothing but the calls."""
    places = {name: f"p[{index}]" for index, name in enumerate([*network.parameters, *network.state])}
    names = {network.input: "x"}
    lines = ["def forward(x, p):"]
    for index, node in enumerate(network.nodes):
        a = [names[value] for value in node["inputs"]]
        bias = places[node["bias"]] if node.get("bias") else "None"
        op = node["op"]
        if op == "dense":
            code = f"F.linear({a[0]}, {places[node['weight']]}, {bias})"
        elif op == "conv2d":
            padding = tuple(begin for begin, _ in node["padding"])
            if any(begin != end for begin, end in node["padding"]):
                (top, bottom), (left, right) = node["padding"]
                a[0] = f"F.pad({a[0]}, ({left}, {right}, {top}, {bottom}))"
                padding = (0, 0)
            code = f"F.conv2d({a[0]}, {places[node['weight']]}, {bias}, {node['stride']}, {padding})"
        elif op == "max_pool2d":
            if any(begin != end for begin, end in node["padding"]):
                raise Unsupported("uneven padding of max_pool2d")
            padding = tuple(begin for begin, _ in node["padding"])
            code = f"F.max_pool2d({a[0]}, {node['kernel']}, {node['stride']}, {padding})"
        elif op == "batch_norm":
            mean, variance, scale, shift = (places[node[key]] for key in ("mean", "variance", "scale", "shift"))
            code = (
                f"F.batch_norm({a[0]}, {mean}, {variance}, {scale}, {shift}, {training}, {node['momentum']}, "
                f"{node['epsilon']})")
        else:
            code = {
                "relu": "F.relu({0})", "tanh": "torch.tanh({0})", "sigmoid": "torch.sigmoid({0})",
                "flatten": "{0}.flatten(1)", "global_average_pool": "{0}.mean((2, 3))", "add": "{0} + {1}",
            }[op].format(*a)
        names[node["name"]] = f"v{index}"
        lines.append(f"    v{index} = {code}")
    lines.append(f"    return {names[network.output]}")
    return "\n".join(lines) + REST


# Compiled code belongs to the text of a function, so every variant has a text of its own.
REST = """

def objective(x, p, target):
    return loss(forward(x, p), target)

def update():
    optimizer.step()

class Constant(torch.nn.Module):
    # Freezing makes constants of what belongs to a module.
    def __init__(self, p):
        super().__init__()
        self.names = [f"p{index}" for index in range(len(p))]
        for name, value in zip(self.names, p):
            self.register_buffer(name, value)

    def forward(self, x):
        return forward(x, [getattr(self, name) for name in self.names])
"""


class Build:
    """One network in one phase, and its variants."""

    def __init__(self, path, phase, rows):
        import torch
        import torch.nn.functional as functional

        self.torch, self.functional = torch, functional
        self.network = Network(path, rows)
        self.first = [*self.network.parameters.values(), *self.network.state.values()]
        self.trained = len(self.network.parameters)
        self.text = source(self.network, phase == "train")

    def scope(self, **names):
        """The functions of the text, anew."""
        scope = {"torch": self.torch, "F": self.functional, **names}
        exec(self.text, scope)
        return scope

    def layouts(self):
        torch = self.torch
        yield "contiguous", torch.contiguous_format
        if self.network.has_convolutions:
            yield "channels_last", torch.channels_last

    def tensor(self, array, layout):
        tensor = self.torch.from_numpy(array.copy())
        return tensor.contiguous(memory_format=layout) if tensor.dim() == 4 else tensor

    def tensors(self, layout):
        values = [self.tensor(array, layout) for array in self.first]
        for value in values[: self.trained]:
            value.requires_grad_(True)
        return values

    def training(self, layout, mode, kind):
        """A step of training, and what puts it back to its beginning."""
        torch, functional = self.torch, self.functional
        p, x = self.tensors(layout), self.tensor(self.network.x(), layout)
        target = self.network.target()
        target = torch.from_numpy(target.astype(numpy.int64) if target.dtype == numpy.int32 else target)
        loss = functional.cross_entropy if self.network.loss["kind"] == "cross_entropy" else functional.mse_loss
        optimizer = self.optimizer(p[: self.trained], kind)
        scope = self.scope(loss=loss, optimizer=optimizer)
        objective, update = scope["objective"], optimizer.step
        if mode != "eager":
            objective = torch.compile(objective, dynamic=False, fullgraph=True)
        if kind == "compiled optimizer":
            update = torch.compile(scope["update"])

        def step():
            objective(x, p, target).backward()
            update()
            optimizer.zero_grad()

        def restart():
            with torch.no_grad():
                for value, first in zip(p, self.first):
                    value.copy_(torch.from_numpy(first))
                for state in optimizer.state.values():
                    for value in state.values():
                        if torch.is_tensor(value):
                            value.zero_()

        return step, restart

    def optimizer(self, parameters, kind):
        torch, given = self.torch, self.network.optimizer
        ways = {"fused": {"fused": True}, "foreach": {"foreach": True}}.get(kind, {})
        if given["kind"] == "sgd":
            return torch.optim.SGD(parameters, lr=given["learning_rate"], momentum=given["momentum"], **ways)
        return torch.optim.AdamW(
            parameters, lr=given["learning_rate"], betas=(given["beta1"], given["beta2"]), eps=given["epsilon"],
            weight_decay=given["weight_decay"], **ways)

    def inference(self, layout, mode):
        torch, scope = self.torch, self.scope()
        p, x = [value.detach() for value in self.tensors(layout)], self.tensor(self.network.x(), layout)
        forward = scope["forward"]
        call = lambda: forward(x, p)
        if mode != "eager":
            options = {"freezing": True} if mode == "frozen" else None
            compiled = torch.compile(scope["Constant"](p).eval(), dynamic=False, options=options)
            call = lambda: compiled(x)
        # Freezing asks for `no_grad`.
        call.scope = torch.inference_mode if mode == "eager" else torch.no_grad
        return call


def build(path, phase, rows):
    made = Build(path, phase, rows)
    layouts = dict(made.layouts())
    if phase == "run":
        variants = [
            (f"{mode}, {name}", lambda layout=layout, mode=mode: made.inference(layout, mode))
            for name, layout in layouts.items() for mode in ("eager", "compiled", "frozen")]
        variant, step = fastest(variants)
        return variant, step, None
    restarts = {}

    def variant(mode, layout, kind):
        label = f"{mode}, {layout}, {kind}"

        def begin():
            step, restarts[label] = made.training(layouts[layout], mode, kind)
            return step

        return label, begin

    best, _ = fastest([variant(mode, layout, "fused") for mode in ("eager", "compiled") for layout in layouts])
    mode, layout, _ = best.split(", ")
    kinds = ["fused", "foreach", "loop"] + (["compiled optimizer"] if mode == "compiled" else [])
    best, step = fastest([variant(mode, layout, kind) for kind in kinds])
    return best, step, restarts[best]


if __name__ == "__main__":
    serve("PyTorch", connect)
