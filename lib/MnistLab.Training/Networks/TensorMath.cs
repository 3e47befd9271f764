using TorchSharp;
using static TorchSharp.torch;

namespace MnistLab.Training.Networks;

/// <summary>
/// Provides arithmetic with tensors and numbers. TorchSharp's operators convert a number to a temporary scalar but do
/// not keep it alive, so it may be finalized while native code still reads it.
/// </summary>
internal static class TensorMath
{
    public static Tensor Add(Tensor tensor, double number)
    {
        // TorchSharp's overloads without a factor create a temporary scalar for the factor 1, which may also be
        // finalized too early.
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
