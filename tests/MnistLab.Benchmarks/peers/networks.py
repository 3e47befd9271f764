"""The networks of MnistLab.Training/Networks/DigitModels.cs, layer by layer, for PyTorch."""
from torch import nn


class NormalizePixels(nn.Module):
    def forward(self, images):
        return (images - 0.1307) / 0.3081


def create(name):
    if name == "lenet":
        return nn.Sequential(
            NormalizePixels(),
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    if name == "fast":
        return nn.Sequential(
            NormalizePixels(),
            nn.Conv2d(1, 16, 6, stride=3, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten(),
            nn.Linear(1152, 48), nn.ReLU(), nn.Linear(48, 10))
    raise SystemExit(f"There is no network '{name}' here.")
