"""The same training step in PyTorch: prints the median seconds of one step.

Usage: pytorch.py SIZES ROWS SECONDS THREADS, for example 64-128-64-10 64 2 2
"""

import sys
import time

import torch

sizes = [int(size) for size in sys.argv[1].split("-")]
rows, seconds, threads = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)
activation = torch.nn.Tanh if len(sizes) == 3 else torch.nn.ReLU
layers = []
for index in range(len(sizes) - 1):
    layers.append(torch.nn.Linear(sizes[index], sizes[index + 1]))
    if index < len(sizes) - 2:
        layers.append(activation())
model = torch.nn.Sequential(*layers)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
x = torch.rand(rows, sizes[0])
if sizes[-1] < 1000:
    target, loss = torch.zeros(rows, dtype=torch.long), torch.nn.CrossEntropyLoss()
else:
    target, loss = torch.rand(rows, sizes[-1]), torch.nn.MSELoss()


def step():
    optimizer.zero_grad()
    loss(model(x), target).backward()
    optimizer.step()


for _ in range(5):
    step()
times = []
start = time.perf_counter()
while len(times) < 10 or time.perf_counter() - start < seconds:
    began = time.perf_counter()
    step()
    times.append(time.perf_counter() - began)
times.sort()
print(times[len(times) // 2])
