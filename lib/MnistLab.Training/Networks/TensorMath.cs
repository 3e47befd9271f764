using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// Computes with tensors and numbers. The operators of TorchSharp do not keep the scalar that they make of a number alive:
/// it may be finalized while native code still reads it.
/// </summary>
internal static class TensorMath
{
    public static Tensor Add(Tensor tensor, double number)
    {
        // TorchSharp's own overloads without a factor make one of 1, which could be finalized as well.
        Scalar addend = number;
        Scalar factor = 1;
        var sum = tensor.add(addend, factor);
        GC.KeepAlive(addend);
        GC.KeepAlive(factor);
        return sum;
    }

    public static Tensor Add(Tensor tensor, Tensor other)
    {
        Scalar factor = 1;
        var sum = tensor.add(other, factor);
        GC.KeepAlive(factor);
        return sum;
    }

    public static Tensor Multiply(Tensor tensor, double number)
    {
        Scalar factor = number;
        var product = tensor.mul(factor);
        GC.KeepAlive(factor);
        return product;
    }

    public static Tensor Divide(Tensor tensor, double number)
    {
        Scalar divisor = number;
        var quotient = tensor.div(divisor);
        GC.KeepAlive(divisor);
        return quotient;
    }
}
