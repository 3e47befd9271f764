using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MnistLab.Data;
using TorchSharp;

namespace MnistLab.Training;

/// <summary>What a model came from: with the same inputs on the same kind of machine, the same weights come out again.</summary>
/// <param name="Model">The name of the network.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="HyperParameters">All settings of the run, resolved, as <see cref="TrainingSettings.ToParameters"/> returns them.</param>
/// <param name="Data">SHA-256 of the pixels and labels of each set, in hexadecimal, by the set's name.</param>
/// <param name="Steps">The number of training steps.</param>
/// <param name="TrainingSeconds">How long training took, in seconds; of a run that went on from a checkpoint, its last part.</param>
/// <param name="Metrics">What was measured at the end, by name: <c>test_accuracy</c>, in [0, 1].</param>
public sealed record TrainingManifest(
    string Model,
    long Seed,
    IReadOnlyDictionary<string, string> HyperParameters,
    IReadOnlyDictionary<string, string> Data,
    long Steps,
    double TrainingSeconds,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>The versions of what the result depends on.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = new Dictionary<string, string>
    {
        ["MnistLab"] = VersionOf(typeof(TrainingManifest)),
        ["TorchSharp"] = VersionOf(typeof(torch)),
        [".NET"] = Environment.Version.ToString(),
    };

    /// <summary>The kind of machine: operating system, architecture, processors.</summary>
    public string Machine { get; } = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors";

    /// <summary>The hash that <see cref="Data"/> has of a set: SHA-256 over its pixels, then its labels.</summary>
    public static string HashOf(DigitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(set.Pixels.Span);
        hash.AppendData(set.Labels.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "";
}
