using System.Runtime.InteropServices;
using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Workers;

/// <summary>
/// Computes the gradients of a batch that is shared by several workers. Each worker computes the gradients of its
/// share, and one sum over all workers (all-reduce) yields the gradients of the mean loss of the whole batch. The
/// gradients of all parameters are stored in one flat buffer, so that each step needs only one exchange.
/// </summary>
internal sealed class GradientExchange(WorkerGroup group, IEnumerable<Parameter> parameters) : IDisposable
{
    // The values in the buffer after the gradients: the loss, and whether a worker was asked to stop.
    private const int Extras = 2;

    private readonly Parameter[] _parameters = [.. parameters];
    private Tensor? _buffer;

    /// <summary>Gets whether a worker was asked to stop before the last exchange; the same on each worker.</summary>
    public bool StopIsRequested { get; private set; }

    private Span<float> Values => MemoryMarshal.Cast<byte, float>(_buffer!.bytes);

    /// <summary>Computes the gradients of the mean loss of the whole batch, the same on each worker.</summary>
    /// <param name="loss">The mean loss of this worker's share, a scalar.</param>
    /// <param name="share">The share.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="stop">Whether this worker was asked to stop.</param>
    /// <returns>The mean loss of the whole batch.</returns>
    /// <exception cref="NotSupportedException">A parameter is not float32.</exception>
    public float Backward(Tensor loss, BatchShare share, long step, bool stop)
    {
        var weight = (float)share.Fraction;
        using (var weighted = TensorMath.Multiply(loss, weight))
        {
            // The backward pass adds to existing gradients.
            if (_buffer is null) Forget();
            else _buffer.zero_();
            weighted.backward();
        }

        if (_buffer is null) Gather();
        var values = Values;
        (values[^2], values[^1]) = (loss.item<float>() * weight, stop ? 1 : 0);
        group.SumGradients(values, step);
        StopIsRequested = values[^1] > 0;
        return values[^2];
    }

    /// <summary>Releases the buffer and the gradients of the parameters.</summary>
    public void Dispose()
    {
        Forget();
        _buffer?.Dispose();
    }

    private void Forget()
    {
        foreach (var parameter in _parameters) parameter.grad = null;
    }

    /// <summary>Replaces the gradients of the parameters that have one by slices of one buffer.</summary>
    private void Gather()
    {
        var used = new List<(Parameter Parameter, Tensor Gradient)>();
        foreach (var parameter in _parameters)
        {
            if (parameter.grad is { } gradient) used.Add((parameter, gradient));
        }

        if (used.Find(item => item.Gradient.dtype != ScalarType.Float32).Gradient is { } other)
        {
            throw new NotSupportedException(
                $"The network has parameters of type {other.dtype}; training with several workers supports only float32. "
                + "Train it with one worker, or convert it.");
        }

        _buffer = zeros(used.Sum(item => item.Gradient.numel()) + Extras).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var (parameter, gradient) in used)
        {
            var length = gradient.numel();
            using (gradient)
            using (var slice = _buffer.narrow(0, offset, length))
            using (var view = slice.view(gradient.shape))
            {
                view.copy_(gradient);
                parameter.grad = view;
            }

            offset += length;
        }
    }
}
