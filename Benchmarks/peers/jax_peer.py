"""Training steps and inference in JAX, compiled whole, with both layouts of pictures."""

import os

from network import Network
from worker import THREADS, fastest, serve

# XLA has no setting for its threads; they are as many as the cores that the process may run on.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen=true intra_op_parallelism_threads={THREADS}"


def connect():
    import jax

    jax.devices()
    return {"JAX": jax.__version__}, build


class Build:
    """One network with one layout: `NCHW`, as the graph's shapes are, or `NHWC`."""

    def __init__(self, network, layout, windows):
        import jax

        self.jax, self.network, self.layout, self.windows = jax, network, layout, windows
        self.is_last = layout == "NHWC"
        self.channels = (1, 1, 1, -1) if self.is_last else (1, -1, 1, 1)
        self.axes = (1, 2) if self.is_last else (2, 3)

    def values(self):
        """Parameters, running state and input on the device, in this layout."""
        put = self.jax.numpy.array
        kinds = {node.get("weight"): node["op"] for node in self.network.nodes}
        parameters = {}
        for name, value in self.network.parameters.items():
            if kinds.get(name) == "dense":
                value = value.T
            elif kinds.get(name) == "conv2d" and self.is_last:
                value = value.transpose(2, 3, 1, 0)
            parameters[name] = put(value)
        state = {name: put(value) for name, value in self.network.state.items()}
        x = self.network.x()
        return parameters, state, put(x.transpose(0, 2, 3, 1) if self.is_last and x.ndim == 4 else x)

    def forward(self, parameters, state, x, training):
        """The output, and the running state after it."""
        jax, numpy = self.jax, self.jax.numpy
        values, after = {self.network.input: x}, dict(state)
        for node in self.network.nodes:
            op, a = node["op"], [values[value] for value in node["inputs"]]
            y = a[0]
            if op == "dense":
                y = y @ parameters[node["weight"]]
                y = y + parameters[node["bias"]] if node["bias"] else y
            elif op == "conv2d":
                weights = "HWIO" if self.is_last else "OIHW"
                y = jax.lax.conv_general_dilated(
                    y, parameters[node["weight"]], node["stride"], node["padding"],
                    dimension_numbers=(self.layout, weights, self.layout))
                y = y + parameters[node["bias"]].reshape(self.channels) if node["bias"] else y
            elif op == "max_pool2d":
                y = self.pool(y, node)
            elif op == "batch_norm":
                y = self.normalize(y, node, parameters, state, after, training)
            elif op == "add":
                y = a[0] + a[1]
            elif op == "flatten":
                # The graph's order of elements, whatever the layout.
                y = y.transpose(0, 3, 1, 2) if self.is_last and y.ndim == 4 else y
                y = y.reshape(y.shape[0], -1)
            elif op == "global_average_pool":
                y = y.mean(self.axes)
            else:
                y = {"relu": jax.nn.relu, "tanh": numpy.tanh, "sigmoid": jax.nn.sigmoid}[op](y)
            values[node["name"]] = y
        return values[self.network.output], after

    def pool(self, y, node):
        jax = self.jax
        height, width = (y.shape[axis] for axis in self.axes)
        (p, q) = node["kernel"]
        is_whole = node["kernel"] == node["stride"] and height % p == 0 and width % q == 0
        if self.windows == "reshaped" and is_whole and node["padding"] == ((0, 0), (0, 0)):
            if self.is_last:
                return y.reshape(y.shape[0], height // p, p, width // q, q, y.shape[3]).max((2, 4))
            return y.reshape(y.shape[0], y.shape[1], height // p, p, width // q, q).max((3, 5))
        by_axis = lambda pair, other: (other, *pair, other) if self.is_last else (other, other, *pair)
        return jax.lax.reduce_window(
            y, -jax.numpy.inf, jax.lax.max, by_axis(node["kernel"], 1), by_axis(node["stride"], 1),
            by_axis(node["padding"], (0, 0)))

    def normalize(self, y, node, parameters, state, after, training):
        jax, numpy = self.jax, self.jax.numpy
        mean, variance = state[node["mean"]], state[node["variance"]]
        if training:
            axes = (0,) + self.axes if y.ndim == 4 else (0,)
            mean = y.mean(axes)
            variance = numpy.square(y).mean(axes) - numpy.square(mean)
            count = y.size // mean.size
            momentum = node["momentum"]
            after[node["mean"]] = (1 - momentum) * state[node["mean"]] + momentum * mean
            unbiased = variance * (count / max(1, count - 1))
            after[node["variance"]] = (1 - momentum) * state[node["variance"]] + momentum * unbiased
        factor = parameters[node["scale"]] * jax.lax.rsqrt(variance + node["epsilon"])
        offset = parameters[node["shift"]] - mean * factor
        shape = self.channels if y.ndim == 4 else (1, -1)
        return y * factor.reshape(shape) + offset.reshape(shape)

    def loss(self, parameters, state, x, target):
        jax, numpy = self.jax, self.jax.numpy
        y, after = self.forward(parameters, state, x, training=True)
        if self.network.loss["kind"] == "mean_squared_error":
            return numpy.square(y - target).mean(), after
        taken = numpy.take_along_axis(jax.nn.log_softmax(y), target[:, None], axis=1)
        return -taken.mean(), after

    def update(self, parameters, slots, gradients):
        """The parameters and what the optimizer keeps, after one step."""
        jax, numpy, given = self.jax, self.jax.numpy, self.network.optimizer
        tree = jax.tree_util.tree_map
        if given["kind"] == "sgd":
            velocity = tree(lambda v, g: given["momentum"] * v + g, slots["velocity"], gradients)
            parameters = tree(lambda w, v: w - given["learning_rate"] * v, parameters, velocity)
            return parameters, {"velocity": velocity}
        count = slots["count"] + 1
        a, b, rate = given["beta1"], given["beta2"], given["learning_rate"]
        first = tree(lambda m, g: a * m + (1 - a) * g, slots["first"], gradients)
        second = tree(lambda v, g: b * v + (1 - b) * g * g, slots["second"], gradients)
        scale, root = rate / (1 - a**count), numpy.sqrt(1 - b**count)

        def moved(w, m, v):
            return w * (1 - rate * given["weight_decay"]) - scale * m / (numpy.sqrt(v) / root + given["epsilon"])

        return tree(moved, parameters, first, second), {"count": count, "first": first, "second": second}

    def training(self):
        jax, numpy = self.jax, self.jax.numpy
        target = numpy.array(self.network.target())
        zeros = lambda parameters: jax.tree_util.tree_map(numpy.zeros_like, parameters)

        def one_step(parameters, slots, state, x, target):
            differentiate = jax.value_and_grad(self.loss, has_aux=True)
            (loss, after), gradients = differentiate(parameters, state, x, target)
            parameters, slots = self.update(parameters, slots, gradients)
            return parameters, slots, after, loss

        compiled = jax.jit(one_step, donate_argnums=(0, 1, 2))
        now = {}

        def restart():
            parameters, state, x = self.values()
            if self.network.optimizer["kind"] == "sgd":
                slots = {"velocity": zeros(parameters)}
            else:
                slots = {"count": numpy.zeros((), "float32"), "first": zeros(parameters), "second": zeros(parameters)}
            now.update(values=(parameters, slots, state), x=x)

        def step():
            *values, loss = compiled(*now["values"], now["x"], target)
            jax.block_until_ready((values, loss))
            now["values"] = values

        restart()
        return step, restart

    def inference(self):
        parameters, state, x = self.values()
        compiled = self.jax.jit(lambda parameters, state, x: self.forward(parameters, state, x, training=False)[0])
        return lambda: compiled(parameters, state, x).block_until_ready()


def build(path, phase, rows):
    network = Network(path, rows)
    has_pools = any(node["op"] == "max_pool2d" for node in network.nodes)
    restarts, variants = {}, []
    for layout in ("NCHW", "NHWC") if network.has_convolutions else ("NCHW",):
        for windows in ("reshaped", "windows") if has_pools else ("",):
            name = "jit" + (f", {layout}" if network.has_convolutions else "") + (f", {windows}" if has_pools else "")

            def begin(name=name, layout=layout, windows=windows):
                made = Build(network, layout, windows)
                if phase == "run":
                    return made.inference()
                step, restarts[name] = made.training()
                return step

            variants.append((name, begin))
    best, step = fastest(variants)
    return best, step, restarts.get(best)


if __name__ == "__main__":
    serve("JAX", connect)
