"""The fast network behind FastAPI: POST / takes the form field `images`, as MnistLab's service does.

Its weights are random: they do not change what a request costs.
"""
import io

import numpy
import torch
from fastapi import FastAPI, File
from PIL import Image

import networks

torch.set_num_threads(1)
torch.manual_seed(0)
network = networks.create("fast").eval()
app = FastAPI()


@app.post("/")
def predict(images: bytes = File()):
    picture = Image.open(io.BytesIO(images)).convert("L").resize((28, 28))
    pixels = torch.from_numpy(numpy.asarray(picture, dtype=numpy.float32) / 255).view(1, 1, 28, 28)
    with torch.inference_mode():
        scores = network(pixels).softmax(1)[0]
    best = scores.topk(5)
    return {
        "predicted_label": str(best.indices[0].item()),
        "scores": [[str(index.item()), f"{score:.3f}"] for score, index in zip(best.values, best.indices)],
    }
