"""The loop of a peer: reads requests as JSON lines, answers each by one JSON line, and waits idle in between.

A request: {"graph": PATH, "phase": "train" or "run", "rows": N, "seconds": S}. An answer: {"median": S, "minimum": S,
"repetitions": N, "variant": TEXT}, or {"unsupported": TEXT}, or {"error": TEXT}. The first line that a worker writes
says who answers: {"name": TEXT, "versions": {...}}, or {"unavailable": TEXT}. The number of threads is its argument.
"""

import contextlib
import json
import os
import signal
import statistics
import sys
import time
import traceback

from network import Unsupported

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
# Seconds that building one variant may take, compilation included.
LONGEST_BUILD = 240
# Libraries print to standard output what they like; answers have a channel of their own.
_answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = str(THREADS)


def measure(step, seconds, least=10):
    """The seconds of each call of `step`; three calls before are not counted.

    All calls stand within one context where the step has an attribute `scope` that makes it.
    """
    with getattr(step, "scope", contextlib.nullcontext)():
        for _ in range(3):
            step()
        times = []
        clock = time.perf_counter
        end = clock() + seconds
        while True:
            began = clock()
            step()
            now = clock()
            times.append(now - began)
            if now >= end and len(times) >= least:
                return times


def fastest(variants):
    """Builds the variants (name, function that returns a step) and returns the name and step of the fastest.

    Each is measured twice, in turn, and counts by the better median. One that cannot be built or does not end in time
    is passed over; where none is left, the first failure is raised.
    """
    steps, failure = [], None
    for name, build in variants:
        try:
            signal.alarm(LONGEST_BUILD)
            step = build()
            measure(step, 0, least=1)
            steps.append((name, step))
        except Unsupported:
            raise
        except Exception as error:  # Whatever a library throws; another variant may still do.
            print(f"{name}: {traceback.format_exc()}", file=sys.stderr, flush=True)
            failure = failure or error
        finally:
            signal.alarm(0)
    if not steps:
        raise failure or Unsupported("this phase")
    if len(steps) == 1:
        return steps[0]
    medians = [[statistics.median(measure(step, 0.2, least=3)) for _, step in steps] for _ in range(2)]
    best = [min(pair) for pair in zip(*medians)]
    for (name, _), median in zip(steps, best):
        print(f"variant {name}: {median * 1e6:.1f} us", file=sys.stderr, flush=True)
    return steps[best.index(min(best))]


def serve(name, connect):
    """Answers requests; `connect()` imports the library and returns its versions and `build`.

    `build(path, phase, rows)` returns the variant's name, the step, and what puts the parameters back to where they
    began (or None).
    """
    signal.signal(signal.SIGALRM, _too_long)
    try:
        versions, build = connect()
    except ImportError as error:
        return _answer({"unavailable": str(error)})
    _answer({"name": name, "versions": {"Python": sys.version.split()[0], **versions}})
    built = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            key = (request["graph"], request["phase"], request["rows"])
            if key not in built:
                built[key] = build(*key)
            variant, step, restart = built[key]
            if restart:
                restart()
            times = measure(step, request["seconds"])
            _answer({
                "median": statistics.median(times), "minimum": min(times), "repetitions": len(times),
                "variant": variant})
        except Unsupported as reason:
            _answer({"unsupported": str(reason)})
        except Exception as error:  # The benchmark goes on without this figure.
            traceback.print_exc()
            _answer({"error": f"{type(error).__name__}: {error}".splitlines()[0][:300]})


def _answer(answer):
    _answers.write(json.dumps(answer) + "\n")
    _answers.flush()


def _too_long(*_):
    raise TimeoutError(f"longer than {LONGEST_BUILD} s")
