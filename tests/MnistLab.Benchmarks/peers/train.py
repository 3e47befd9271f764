"""Trains a network on MNIST with PyTorch: FOLDER NETWORK BATCH STEPS THREADS LEARNING_RATE WEIGHT_DECAY SMOOTHING.

The images stay in memory and each batch is one index_select, which is faster than a DataLoader.
For each line of standard input it trains for STEPS steps and prints the seconds that they took.
"""
import gzip
import os
import sys
import time

import torch
from torch import nn

import networks

folder, name = sys.argv[1:3]
batch, steps, threads = map(int, sys.argv[3:6])
learning_rate, weight_decay, smoothing = map(float, sys.argv[6:9])
torch.set_num_threads(threads)
torch.manual_seed(0)


def read(file, header):
    with gzip.open(os.path.join(folder, file)) as stream:
        return torch.frombuffer(bytearray(stream.read()[header:]), dtype=torch.uint8)


pixels = read("train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)[:55000]
images = pixels.float() / 255
labels = read("train-labels-idx1-ubyte.gz", 8).long()[:55000]
network = networks.create(name)
optimizer = torch.optim.AdamW(network.parameters(), lr=learning_rate, betas=(0.9, 0.99), weight_decay=weight_decay)
loss_function = nn.CrossEntropyLoss(label_smoothing=smoothing)
network.train()


def train(count):
    order = torch.randperm(len(images))
    per_epoch = len(images) // batch
    for step in range(count):
        part = step % per_epoch
        if part == 0 and step > 0:
            order = torch.randperm(len(images))
        chosen = order[part * batch:(part + 1) * batch]
        optimizer.zero_grad()
        loss = loss_function(network(images.index_select(0, chosen)), labels.index_select(0, chosen))
        loss.backward()
        optimizer.step()


train(20)
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    train(steps)
    print(time.perf_counter() - start, flush=True)
