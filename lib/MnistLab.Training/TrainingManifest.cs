using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using TorchSharp;

namespace MnistLab.Training;

/// <summary>
/// Represents the provenance of a model: all settings, the hashes of code and data, and the versions of the software
/// that trained it. With the same inputs on the same kind of machine, training returns the same weights, bit for bit;
/// <see cref="Jobs.TrainingJobs.ReproduceAsync"/> repeats it.
/// </summary>
/// <param name="Model">The name of the network.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="HyperParameters">
/// All settings of the run, by name, with defaults resolved: see <see cref="TrainingSettings.ToParameters"/>.
/// </param>
/// <param name="Data">The SHA-256 of the pixels and labels of each set, in hexadecimal, by the set's name.</param>
/// <param name="Steps">The number of training steps.</param>
/// <param name="TrainingSeconds">
/// The duration of the training, in seconds; for a run that resumed from a checkpoint, only the part after it.
/// </param>
/// <param name="Metrics">The final metrics, by name: <c>test_accuracy</c>, in [0, 1].</param>
public sealed record TrainingManifest(
    string Model,
    long Seed,
    IReadOnlyDictionary<string, string> HyperParameters,
    IReadOnlyDictionary<string, string> Data,
    long Steps,
    double TrainingSeconds,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>
    /// Gets the SHA-256 of each file of the code directory, in hexadecimal, by its path relative to the boot file's
    /// folder: see <see cref="HashCode(string)"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Code { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the training job that ran the boot file; null if the boot file ran outside a job.</summary>
    public JobOrigin? Job { get; init; } = JobEnvironment.Origin;

    /// <summary>
    /// Gets the SHA-256 of <c>weights.safetensors</c>, in hexadecimal; null until the package is saved.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Gets what the images show; null until the package is saved.</summary>
    public ImageKind? Images { get; init; }

    /// <summary>Gets the versions of the project and the runtime.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>
    {
        ["MnistLab"] = InformationalVersion.Split('+')[0],
        ["TorchSharp"] = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "",
        [".NET"] = Environment.Version.ToString(),
    };

    /// <summary>Gets the versions of all packages that the program was built with, by name.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = PackageVersions.OfProgram;

    /// <summary>Gets the commit that the project was built from; null if it was not built from a repository.</summary>
    public string? Commit { get; init; } = InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    /// <summary>
    /// Gets a description of the machine: operating system, architecture, number of processors, and vector width. The
    /// last bits of a sum depend on these.
    /// </summary>
    public string Machine { get; init; } =
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, "
        + $"{Environment.ProcessorCount} processors, vectors of {VectorBits} bits";

    private static string InformationalVersion { get; } = typeof(TrainingManifest).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>
    /// Returns the hash of a set as recorded in <see cref="Data"/>: the SHA-256 of its pixels followed by its labels.
    /// </summary>
    public static string HashOf(ImageDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(set.Pixels.Span);
        hash.AppendData(set.Labels.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Returns the hashes of the files in a folder as recorded in <see cref="Code"/>: files at any depth, except hidden
    /// files and those in hidden folders.
    /// </summary>
    /// <param name="folder">The folder of the boot file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> HashCode(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !file.Key.Split('/').Any(part => part.StartsWith('.')))
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .ToDictionary(file => file.Key, file => HashOf(File.ReadAllBytes(file.Value)), StringComparer.Ordinal);
    }

    /// <summary>Compares everything that the weights depend on with another run.</summary>
    /// <param name="other">The manifest of the other run.</param>
    /// <returns>One line for each difference; empty if the runs must have the same weights.</returns>
    public IReadOnlyList<string> DifferencesFrom(TrainingManifest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new List<string>();
        Compare("setting", HyperParameters, other.HyperParameters);
        Compare("code", Code, other.Code);
        Compare("data", Data, other.Data);
        Compare("version of", Versions, other.Versions);
        Compare("version of the package", Packages, other.Packages);
        var (workers, workersBefore) = (Job?.WorkerCount ?? 1, other.Job?.WorkerCount ?? 1);
        if (workers != workersBefore)
            differences.Add(FormattableString.Invariant($"workers: {workers}, was {workersBefore}"));
        if (Commit != other.Commit) differences.Add($"commit: {Commit ?? "unknown"}, was {other.Commit ?? "unknown"}");
        if (Machine != other.Machine) differences.Add($"machine: {Machine}, was {other.Machine}");
        return differences;

        void Compare(string what, IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> theirs)
        {
            foreach (var name in mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
            {
                var now = mine.GetValueOrDefault(name, "missing");
                var before = theirs.GetValueOrDefault(name, "missing");
                if (now != before) differences.Add($"{what} {name}: {now}, was {before}");
            }
        }
    }

    internal static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
