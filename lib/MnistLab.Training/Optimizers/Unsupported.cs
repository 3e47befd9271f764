namespace MnistLab.Training.Optimizers;

/// <summary>Rejects options of TorchSharp's optimizers that the optimizers of this library do not support.</summary>
internal static class Unsupported
{
    /// <exception cref="NotSupportedException">The option is set.</exception>
    public static void ThrowIf(bool isSet, string option)
    {
        if (isSet) throw new NotSupportedException($"The optimizer has no option '{option}'. Omit it.");
    }
}
