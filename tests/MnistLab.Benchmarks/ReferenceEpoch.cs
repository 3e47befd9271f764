using MnistLab.Data.Datasets;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents the unit of training times: one epoch of the network in PyTorch's MNIST example (conv32, conv64, pool,
/// fc128) with its optimizer and a batch size of 64, written as plainly as possible. It runs in parts, so that it can
/// be timed between the runs that it is compared with.
/// </summary>
internal sealed class ReferenceEpoch : IDisposable
{
    private const int Batch = 64;

    private readonly Sequential _network = nn.Sequential(
        ("conv1", nn.Conv2d(1, 32, 3)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(32, 64, 3)),
        ("relu2", nn.ReLU()),
        ("pool", nn.MaxPool2d(2)),
        ("dropout1", nn.Dropout(0.25)),
        ("flatten", nn.Flatten()),
            ("hidden", nn.Linear(9216, 128)),
            ("relu3", nn.ReLU()),
            ("dropout2", nn.Dropout(0.5)),
            ("output", nn.Linear(128, 10)));

    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Tensor _order;
    private int _step;

    public ReferenceEpoch(ImageDataset train)
    {
        _optimizer = optim.Adadelta(_network.parameters(), 1);
        _images = tensor(train.Pixels.ToArray(), [train.Count, 1, train.Rows, train.Columns], ScalarType.Byte);
        using var labels = tensor(train.Labels.ToArray(), ScalarType.Byte);
        _labels = labels.to_type(ScalarType.Int64);
        _order = randperm(train.Count);
        Steps = train.Count / Batch;
        // One-time work, such as the compilation of code, is not part of an epoch.
        for (var i = 0; i < 3; i++) Step(i);
    }

    /// <summary>The number of steps of the epoch.</summary>
    public int Steps { get; }

    /// <summary>Runs the next part of the epoch.</summary>
    /// <param name="parts">The number of equal parts of the epoch.</param>
    /// <returns>The time that the whole epoch would take at the pace of this part.</returns>
    public Duration Part(int parts)
    {
        var steps = Steps / parts;
        return Duration.Of(() =>
        {
            for (var i = 0; i < steps; i++) Step(_step++ % Steps);
        }) * ((double)Steps / steps);
    }

    public void Dispose()
    {
        _network.Dispose();
        _optimizer.Dispose();
        _images.Dispose();
        _labels.Dispose();
        _order.Dispose();
    }

    private void Step(int step)
    {
        using var scope = NewDisposeScope();
        var samples = _order.slice(0, step * Batch, (step + 1) * Batch, 1);
        var images = ((_images.index_select(0, samples).to_type(ScalarType.Float32) / 255) - 0.1307) / 0.3081;
        _network.train();
        _optimizer.zero_grad();
        nn.functional.cross_entropy(_network.forward(images), _labels.index_select(0, samples)).backward();
        _optimizer.step();
    }
}
