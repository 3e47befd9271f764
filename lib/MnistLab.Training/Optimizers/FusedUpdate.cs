using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Updates all weights of a parameter in a single pass over memory. TorchSharp's own optimizers use about ten
/// operations, which create temporary tensors and scalars but do not keep the scalars alive: if a scalar is finalized
/// while native code still reads it, the run fails with an error. This implementation uses no scalars.
/// </summary>
internal static class FusedUpdate
{
    /// <summary>Applies an update rule to a parameter.</summary>
    /// <param name="parameter">The parameter, which must be float32, contiguous, and on the CPU.</param>
    /// <param name="gradient">The gradient of the parameter.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="first">The first state value of each weight, updated in place; null if the rule has none.</param>
    /// <param name="second">The second state value of each weight, updated in place; null if the rule has none.</param>
    /// <exception cref="NotSupportedException">
    /// The parameter is not float32, not on the CPU, or not contiguous.
    /// </exception>
    public static void Apply<TRule>(
        Parameter parameter, Tensor gradient, TRule rule, Tensor? first = null, Tensor? second = null)
        where TRule : struct, IUpdateRule
    {
        Require(parameter);
        using var contiguous = gradient.is_contiguous() ? null : gradient.contiguous();
        var weights = Floats(parameter);
        var gradients = Floats(contiguous ?? gradient);
        var firsts = first is null ? [] : Floats(first);
        var seconds = second is null ? [] : Floats(second);
        var whole = weights.Length - (weights.Length % Vector<float>.Count);
        Update(rule, weights[..whole], gradients, firsts, seconds);
        if (whole < weights.Length) UpdateLast(rule, weights[whole..], gradients[whole..], Last(firsts), Last(seconds));

        Span<float> Last(Span<float> memory) => memory.IsEmpty ? memory : memory[whole..];
    }

    /// <summary>
    /// Releases the gradients of parameters, so that the next backward pass stores its gradients directly instead of
    /// adding them to zeros.
    /// </summary>
    public static void ReleaseGradients(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }

    /// <summary>Updates the remaining weights, which do not fill a vector, by padding them with zeros.</summary>
    private static void UpdateLast<TRule>(
        TRule rule, Span<float> weights, Span<float> gradients, Span<float> firsts, Span<float> seconds)
        where TRule : struct, IUpdateRule
    {
        var width = Vector<float>.Count;
        Span<float> padded = stackalloc float[4 * width];
        padded.Clear();
        weights.CopyTo(padded);
        gradients.CopyTo(padded[width..]);
        firsts.CopyTo(padded[(2 * width)..]);
        seconds.CopyTo(padded[(3 * width)..]);
        Update(rule, padded[..width], padded[width..], padded[(2 * width)..], padded[(3 * width)..]);
        padded[..weights.Length].CopyTo(weights);
        padded.Slice(2 * width, firsts.Length).CopyTo(firsts);
        padded.Slice(3 * width, seconds.Length).CopyTo(seconds);
    }

    private static void Update<TRule>(
        TRule rule, Span<float> weights, Span<float> gradients, Span<float> firsts, Span<float> seconds)
        where TRule : struct, IUpdateRule
    {
        var (first, second) = (Vector<float>.Zero, Vector<float>.Zero);
        for (var i = 0; i < weights.Length; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(weights[i..]);
            if (TRule.Memories > 0) first = new Vector<float>(firsts[i..]);
            if (TRule.Memories > 1) second = new Vector<float>(seconds[i..]);
            rule.Update(ref weight, new Vector<float>(gradients[i..]), ref first, ref second);
            weight.CopyTo(weights[i..]);
            if (TRule.Memories > 0) first.CopyTo(firsts[i..]);
            if (TRule.Memories > 1) second.CopyTo(seconds[i..]);
        }
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static void Require(Parameter parameter)
    {
        if (parameter.dtype != ScalarType.Float32)
            throw NotSupported($"it is of type {parameter.dtype}. Convert the network to float32.");
        if (parameter.device_type != TorchSharp.DeviceType.CPU)
            throw NotSupported($"it is on {parameter.device}. Move the network to the CPU.");
        if (!parameter.is_contiguous()) throw NotSupported("it is not contiguous. Create it from parameter.contiguous().");

        NotSupportedException NotSupported(string why) =>
            new($"The optimizer cannot update a parameter of shape [{string.Join(", ", parameter.shape)}]: {why}");
    }
}
